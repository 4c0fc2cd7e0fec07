// SPDX-License-Identifier: Apache-2.0

package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A clouds.yaml of the current folder has to be this user's or root's; none may be everybody's.
func TestCloudsFileOfAnotherUser(t *testing.T) {
	p := located(t, map[string]string{"here/clouds.yaml": single, "clouds.yaml": single})
	p.Current = filepath.Join(p.Home, "here")
	here := filepath.Join(p.Current, "clouds.yaml")
	try := func(want string, options *Options) {
		t.Helper()
		if _, err := p.Resolve(options); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	try("", &Options{Cloud: "one"})
	chmod := func(mode os.FileMode) {
		if err := os.Chmod(here, mode); err != nil {
			t.Fatal(err)
		}
	}
	chmod(0o666)
	try("other users can write it (mode 0666); if it is to be used all the same, name it in clouds_file", &Options{Cloud: "one"})
	try("every user can write it (mode 0666)", &Options{Cloud: "one", CloudsFile: here})
	if os.Geteuid() != 0 {
		return // only root can give a file to another user
	}
	chmod(0o644)
	if err := os.Chown(here, 20666, 20666); err != nil {
		t.Fatal(err)
	}
	try("it belongs to another user (uid 20666); if it is to be used all the same, name it in clouds_file", &Options{Cloud: "one"})
	try("", &Options{Cloud: "one", CloudsFile: here})
}

// In a folder where everybody can make files, another user's secure.yaml says nothing about where a password is sent.
func TestCompanionOfAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file to another user")
	}
	for _, name := range []string{"secure.yaml", "clouds-public.yaml"} {
		for _, explicit := range []bool{true, false} {
			p := located(t, map[string]string{"here/clouds.yaml": single, "here/" + name: "clouds: {one: {auth: {auth_url: 'http://evil.example'}}}"})
			p.Current = filepath.Join(p.Home, "here")
			clouds, companion, options := filepath.Join(p.Current, "clouds.yaml"), filepath.Join(p.Current, name), &Options{Cloud: "one"}
			if explicit {
				options.CloudsFile = clouds
			}
			try := func(owner int, want string) {
				t.Helper()
				if err := errors.Join(os.Chmod(p.Current, os.ModeSticky|0o777), os.Chown(companion, owner, owner)); err != nil {
					t.Fatal(err)
				}
				if _, err := p.Resolve(options); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s, explicit %v, owner %d: %v, want %s", name, explicit, owner, err, want)
				}
			}
			try(0, "")
			try(20666, "it belongs to another user (uid 20666) than "+clouds)
			if err := os.Chown(clouds, 20666, 20666); err != nil {
				t.Fatal(err)
			}
			if explicit { // both are that user's
				try(20666, "")
			}
		}
	}
}

func TestFileThatMayNotBeRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	p := located(t, map[string]string{"kolla/clouds.yaml": kolla})
	if err := os.Chmod(p.Kolla, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Resolve(&Options{}); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("got %v", err)
	}
}

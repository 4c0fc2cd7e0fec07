// SPDX-License-Identifier: Apache-2.0

//go:build lab

package cloud

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gophercloud/gophercloud/v2"

	"github.com/openstack-ops/ansible-collection-placement/modules/internal/edge/cloud/config"
)

// labFile is the clouds.yaml of the running lab that the variable names.
func labFile(t *testing.T, variable string) string {
	t.Helper()
	dir := os.Getenv(variable)
	if dir == "" {
		t.Fatalf("%s has to name the folder of a running lab", variable)
	}
	return filepath.Join(dir, "clouds.yaml")
}

func labConnect(t *testing.T, p *config.Place, o *config.Options) *Session {
	t.Helper()
	s, err := connect(t.Context(), o, nil, p)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func labProviders(t *testing.T, s *Session) error {
	t.Helper()
	c, err := s.Placement()
	if err != nil {
		return err
	}
	c.Microversion = "1.39"
	var list struct {
		ResourceProviders []struct{ UUID string } `json:"resource_providers"`
	}
	if _, err := c.Get(t.Context(), c.ServiceURL("resource_providers"), &list, nil); err != nil {
		return AsError("list resource providers", err)
	}
	return nil
}

// TestLabTokens logs in with a token of a real login, with and without a scope of its own, and by an application
// credential, which it makes and removes.
func TestLabTokens(t *testing.T) {
	file := labFile(t, "PLACEMENT_LAB_NOVA")
	auth := labAuth(t, file)
	s := labConnect(t, nowhere(t), &config.Options{CloudsFile: file, Cloud: "lab"})
	token := map[string]any{"auth_url": auth["auth_url"], "token": s.provider.Token()}
	for _, o := range []*config.Options{
		{AuthType: "token", Auth: token},
		{Auth: with(with(token, "project_name", "admin"), "project_domain_name", "Default")},
	} {
		if err := labProviders(t, labConnect(t, nowhere(t), o)); err != nil {
			t.Error(err)
		}
	}
	credential := appCredentialOf(t, s, auth)
	if err := labProviders(t, labConnect(t, nowhere(t), &config.Options{Auth: credential})); err != nil {
		t.Error(err)
	}
}

// appCredentialOf makes one for the user of the session.
func appCredentialOf(t *testing.T, s *Session, auth map[string]any) map[string]any {
	t.Helper()
	k := &gophercloud.ServiceClient{ProviderClient: s.provider, Endpoint: config.IdentityV3(fmt.Sprint(auth["auth_url"]))}
	var me struct {
		Token struct{ User struct{ ID string } }
	}
	_, err := k.Get(t.Context(), k.ServiceURL("auth", "tokens"), &me, &gophercloud.RequestOpts{MoreHeaders: map[string]string{"X-Subject-Token": s.provider.Token()}})
	if err != nil {
		t.Fatal(AsError("read the token", err))
	}
	var made struct {
		Credential struct{ ID, Secret string } `json:"application_credential"`
	}
	address := k.ServiceURL("users", me.Token.User.ID, "application_credentials")
	body := map[string]any{"application_credential": map[string]any{"name": t.Name()}}
	if _, err := k.Post(t.Context(), address, body, &made, nil); err != nil {
		t.Fatal(AsError("make an application credential", err))
	}
	t.Cleanup(func() {
		if _, err := k.Delete(context.Background(), address+"/"+made.Credential.ID, nil); err != nil {
			t.Error(AsError("remove the application credential", err))
		}
	})
	return map[string]any{"auth_url": auth["auth_url"], "application_credential_id": made.Credential.ID, "application_credential_secret": made.Credential.Secret}
}

// TestLabRenewal revokes the token while 40 requests use it.
func TestLabRenewal(t *testing.T) {
	file := labFile(t, "PLACEMENT_LAB_NOVA")
	s := labConnect(t, nowhere(t), &config.Options{CloudsFile: file, Cloud: "lab"})
	s.provider.SetToken("gAAAAABexpired")
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if err := labProviders(t, s); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := s.Requests()["POST"]; n != 2 {
		t.Errorf("%d logins, want 2", n)
	}
}

// TestLabRefusals reads what real services say.
func TestLabRefusals(t *testing.T) {
	file := labFile(t, "PLACEMENT_LAB_NOVA")
	auth := labAuth(t, file)
	refused := func(adjust func(map[string]any, *config.Options)) error {
		a := with(auth, "x", "")
		o := &config.Options{Auth: a}
		adjust(a, o)
		s, err := connect(t.Context(), o, nil, nowhere(t))
		if err == nil {
			err = labProviders(t, s)
			s.Close()
		}
		return err
	}
	e := wantError(t, refused(func(a map[string]any, _ *config.Options) { a["password"] = "wr0ng" }), "401 Unauthorized: the credentials are not accepted", `as user "admin"`)
	if strings.Contains(e.Error(), "wr0ng") || e.RequestID == "" || !errors.Is(e, ErrUnauthorized) {
		t.Errorf("got %+v", e)
	}
	s := labConnect(t, nowhere(t), &config.Options{CloudsFile: file, Cloud: "lab"})
	placement, err := s.Placement()
	if err != nil {
		t.Fatal(err)
	}
	nova, err := s.Compute()
	if err != nil {
		t.Fatal(err)
	}
	wantError(t, refused(func(a map[string]any, _ *config.Options) { a["auth_url"] = strings.TrimSuffix(nova.Endpoint, "v2.1/") }), "no Keystone answers there")
	wantError(t, refused(func(a map[string]any, _ *config.Options) { a["auth_url"] = placement.Endpoint }), "and that auth_url is Keystone's")
	wantError(t, refused(func(_ map[string]any, o *config.Options) { o.RegionName = "Nowhere" }), "no public endpoint of placement in region Nowhere in the catalogue, which has")
	bad := &config.Options{AuthType: "admin_token", Auth: map[string]any{"token": "not a token"}, PlacementEndpoint: placement.Endpoint}
	e = wantError(t, labProviders(t, labConnect(t, nowhere(t), bad)), "list resource providers: 401 Unauthorized: The request you have made requires authentication (request req-")
	if !errors.Is(e, ErrUnauthorized) {
		t.Errorf("got %+v", e)
	}
	_, err = placement.Get(t.Context(), placement.ServiceURL("resource_providers", "b7a7d7f0-0000-4000-8000-000000000000"), nil, nil)
	if !errors.Is(AsError("read provider", err), ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// TestLabWithoutKeystone talks to a Placement with auth_strategy = noauth2.
func TestLabWithoutKeystone(t *testing.T) {
	file := labFile(t, "PLACEMENT_LAB_PLACEMENT")
	s := labConnect(t, nowhere(t), &config.Options{CloudsFile: file})
	if err := labProviders(t, s); err != nil {
		t.Error(err)
	}
	if s.HasCompute() || s.Requests()["POST"] != 0 {
		t.Errorf("compute %v, requests %v", s.HasCompute(), s.Requests())
	}
	o := &config.Options{AuthType: "admin_token", Auth: map[string]any{"token": "somebody:project"}, PlacementEndpoint: s.config.PlacementAddress()}
	e := wantError(t, labProviders(t, labConnect(t, nowhere(t), o)), "list resource providers: 403 Forbidden: ", "hint: let the service's policy.yaml allow placement:resource_providers:list")
	if !errors.Is(e, ErrForbidden) || e.RequestID == "" || e.Code == "" {
		t.Errorf("got %+v", e)
	}
	none := &config.Options{AuthType: "none", PlacementEndpoint: s.config.PlacementAddress()}
	if err := labProviders(t, labConnect(t, nowhere(t), none)); !errors.Is(err, ErrUnauthorized) {
		t.Errorf("without a token: %v", err)
	}
}

// SPDX-License-Identifier: Apache-2.0

package mask

import (
	"strings"
	"testing"
)

// noauth2's token is a word that names other things too.
func TestAWordIsMaskedWhereItStandsAlone(t *testing.T) {
	var secrets Secrets
	secrets.Add("admin")
	got := strings.ReplaceAll(secrets.Masker().Text("admin admin,token=admin admin_token kolla-admin administrator 'admin'"), Hidden, "M")
	if want := "M M,token=M admin_token kolla-admin administrator 'M'"; got != want {
		t.Error(got)
	}
}

func TestTheLongestSecretIsMaskedFirst(t *testing.T) {
	var secrets Secrets
	for _, s := range []string{"abcd", "abcdefgh", "cdefgh", "zabcd"} {
		secrets.Add(s)
	}
	got := strings.ReplaceAll(secrets.Masker().Text("x abcdefgh y abcd z cdefghi zabcd"), Hidden, "M")
	if want := "x M y M z Mi M"; got != want {
		t.Error(got)
	}
}

func TestSecretKeys(t *testing.T) {
	for key, want := range map[string]bool{
		"password": true, "PASSWORD": true, "OS_PASSWORD": true, "passwd": true, "db_pass": true, "pass": true, "passphrase": true, "passcode": true,
		"secret": true, "application_credential_secret": true, "client_secret": true, "token": true, "auth_token": true, "tokens": true,
		"private_key": true, "privateKey": true, "private-key": true, "api_key": true, "otp": true, "totp": true, "refresh_token": true,
		"auth_type": false, "username": false, "auth_url": false, "compass": false, "passive": false, "client_key": false, "key": false,
		"token_endpoint": false, "password_expires": false, "project_name": false, "application_credential_id": false, "optional": false,
	} {
		if got := IsSecretKey(key); got != want {
			t.Errorf("%s: %v", key, got)
		}
	}
}

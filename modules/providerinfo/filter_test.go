// SPDX-License-Identifier: Apache-2.0

package providerinfo

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

const one, two = "a0000000-0000-4000-8000-000000000001", "a0000000-0000-4000-8000-000000000002"

// Each entry is asked for as Placement has it: single traits in one word, any of several in a word of their own.
func TestQuery(t *testing.T) {
	for _, c := range []struct {
		filters Filters
		want    string
	}{
		{Filters{}, ""},
		{Filters{Required: []string{"A", "B"}, Forbidden: []string{"C"}}, "required=A%2CB%2C%21C"},
		{Filters{Required: []string{"in:A"}}, "required=A"},
		{Filters{Required: []string{"in:A,B"}}, "required=in%3AA%2CB"},
		{Filters{Required: []string{"in:A, B", "C", "in:D,E"}, Forbidden: []string{"F"}}, "required=C%2C%21F&required=in%3AA%2CB&required=in%3AD%2CE"},
		{Filters{MemberOf: []string{strings.ToUpper(one), two}}, "member_of=" + one + "&member_of=" + two},
		{Filters{MemberOf: []string{"in:" + one + "," + two}}, "member_of=in%3A" + one + "%2C" + two},
		{Filters{MemberOf: []string{"!" + one, "in:" + two}}, "member_of=%21" + one + "&member_of=" + two},
		{Filters{MemberOf: []string{"!in:" + one + "," + two}}, "member_of=%21in%3A" + one + "%2C" + two},
	} {
		members, err := c.filters.members(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.filters.query(members).Encode(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.filters, got, c.want)
		}
	}
}

// What an older Placement does not take is refused, all of it at once.
func TestUnspoken(t *testing.T) {
	f := Filters{Required: []string{"A", "in:B", "in:A,B"}, MemberOf: []string{one, "in:" + one + "," + two, "!" + one}}
	for offered, want := range map[int]string{
		39: "",
		36: "required[2] (in:A,B) needs 1.39",
		30: "required[2] (in:A,B) needs 1.39; member_of[2] (!" + one + ") needs 1.32",
	} {
		var said []string
		err := f.unspoken(func(microversion, wish string) error {
			if microversion <= fmt.Sprintf("1.%d", offered) {
				return nil
			}
			said = append(said, wish+" needs "+microversion)
			return fmt.Errorf("%s", wish)
		})
		if got := strings.Join(said, "; "); got != want || (err == nil) != (want == "") {
			t.Errorf("1.%d: %s, %v", offered, got, err)
		}
	}
}

// An entry without an aggregate is refused, and named as it is.
func TestMemberFaults(t *testing.T) {
	f := Filters{MemberOf: []string{"a", " ", "in:", "!", "in:a,,b", "!in:a,b"}}
	var said []string
	for _, fault := range f.memberFaults() {
		said = append(said, fault.Error())
	}
	const must = " must be an aggregate, or in: and several of them with commas, with ! before it for those to keep out of, got: "
	want := []string{
		"value of member_of[1] must not be empty", "value of member_of[2]" + must + "in:", "value of member_of[3]" + must + "!", "value of member_of[4]" + must + "in:a,,b",
	}
	if !slices.Equal(said, want) {
		t.Errorf("%q", said)
	}
}

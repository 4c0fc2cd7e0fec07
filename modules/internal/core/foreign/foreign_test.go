// SPDX-License-Identifier: Apache-2.0

package foreign

import (
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"nothing":          {"", ""},
		"a name":           {"compute-01.example.org", "compute-01.example.org"},
		"a sentence":       {"Two words, (500) done.", "Two words, (500) done."},
		"other scripts":    {"Rechner-Süd 計算機 😀", "Rechner-Süd 計算機 😀"},
		"line breaks":      {"cn2\nCRITICAL\r\n    To do: x", "cn2 CRITICAL To do: x"},
		"other breaks":     {"a\u2028b\u2029c\u0085d\ve\ff", "a b c d e f"},
		"other blanks":     {"a\u00a0b\u3000c\td", "a b c d"},
		"ends":             {"\n a ", "a"},
		"only blanks":      {" \n ", ""},
		"blanks that wrap": {"cn2" + strings.Repeat(" ", 80) + "CRITICAL", "cn2 CRITICAL"},
		"escape":           {"\x1b[2Jcn2", "\ufffd[2Jcn2"},
		"C1":               {"a\u009b2Jb", "a\ufffd2Jb"},
		"NUL and DEL":      {"a\x00b\x7f", "a\ufffdb\ufffd"},
		"directions":       {"a\u202eb\u2066c\u200fd\u061ce", "a\ufffdb\ufffdc\ufffdd\ufffde"},
		"no width":         {"a\u200bb\u200dc\ufeffd\u00ade\u2060f", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf"},
		"fillers":          {"a\u3164b\u115fc\u034fd\u2800e", "a\ufffdb\ufffdc\ufffdd\ufffde"},
		"tags":             {"a\U000e0041b", "a\ufffdb"},
		"private":          {"a\ue000b", "a\ufffdb"},
		"no UTF-8":         {"a\xffb\xc3", "a\ufffdb\ufffd"},
		"surrogates":       {"a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb"},
	} {
		if got := Line(c.text); got != c.want {
			t.Errorf("%s: Line(%q) = %q, want %q", name, c.text, got, c.want)
		}
	}
}

func TestShort(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		limit int
		want  string
	}{
		"short":        {"abc", 5, "abc"},
		"as long":      {"abcde", 5, "abcde"},
		"longer":       {"abcdefgh", 5, "abc…h"},
		"of two bytes": {"äöüäöü", 5, "äöü…ü"},
		"at blanks":    {"ab defg hi", 8, "ab de…hi"},
		"blank cut":    {"abc defghi j", 9, "abc de…j"},
		"much longer":  {strings.Repeat("😀", 1000), 5, "😀😀😀…😀"},
		"a sentence":   {"no " + strings.Repeat("x", 1<<20) + " is left", 40, "no " + strings.Repeat("x", 26) + "…xx is left"},
		"line breaks":  {"a\n\nb", 5, "a b"},
		"only blanks":  {strings.Repeat("\n", 1000), 5, ""},
	} {
		if got := Short(c.text, c.limit); got != c.want {
			t.Errorf("%s: Short = %q, want %q", name, got, c.want)
		}
	}
}

func TestSome(t *testing.T) {
	for want, names := range map[string][]string{
		"": nil, "a": {"a"}, "a, b": {"a", "b"}, "a, b and 1 more": {"a", "b", "c"}, "a \ufffdb, c and 2 more": {"a\n\x1bb", "c", "d", "e"},
	} {
		if got := Some(names, 2); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAltered(t *testing.T) {
	if Altered(Line("計算機 1")) || !Altered(Line("cn1\u202e")) {
		t.Error("a text is taken for another kind")
	}
}

func TestTree(t *testing.T) {
	got := Tree(map[string]any{"a\nb": []any{"c\x1b", 1.0, nil, true, map[string]any{"d": "e\u202e"}}}, Line)
	want := map[string]any{"a b": []any{"c\ufffd", 1.0, nil, true, map[string]any{"d": "e\ufffd"}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func FuzzLine(f *testing.F) {
	for _, name := range hostile() {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		line := Line(text)
		if bad := strings.IndexFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }); bad >= 0 || !utf8.ValidString(line) {
			t.Errorf("Line(%q) = %q", text, line)
		}
		if Line(line) != line {
			t.Errorf("Line changes its own %q", line)
		}
		if short := Short(text, 20); utf8.RuneCountInString(short) > 20 || Short(short, 20) != short {
			t.Errorf("Short(%q) = %q", text, short)
		}
	})
}

func BenchmarkLine(b *testing.B) {
	for b.Loop() {
		Line("compute-01.example.org")
	}
}

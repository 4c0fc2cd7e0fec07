// SPDX-License-Identifier: Apache-2.0

package ansible

import (
	"context"
	"strings"
	"testing"
)

func TestCheckResult(t *testing.T) {
	type bad struct {
		Said    string   `json:"said"`
		Results []string `json:"results"`
		Skipped bool     `json:"skipped"`
		More    int
	}
	type good struct {
		Changed bool   `json:"changed"`
		Said    string `json:"said"`
	}
	if err := returning[*good]().CheckResult(); err != nil {
		t.Error(err)
	}
	err := returning[bad]().CheckResult()
	for _, want := range []string{"results belongs", "skipped belongs", "More is not documented"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	if returning[any]().CheckResult() == nil || returning[map[string]any]().CheckResult() == nil {
		t.Error("a result without known keys is taken")
	}
}

// returning is a module that returns an R.
func returning[R any]() *Module {
	return Define("g", []byte(testDoc), func(context.Context, *Call, *struct{}) (r R, err error) { return r, nil })
}

func TestDocsThatLackSomething(t *testing.T) {
	for _, text := range []string{"", "[]", "short_description: x", testDoc + "\nexample: x", strings.Replace(testDoc, "author:", "authors:", 1)} {
		if _, err := described(text).Doc(); err == nil {
			t.Errorf("nothing wrong with %q", text)
		}
	}
	_, err := described("short_description: x").Doc()
	for _, part := range []string{"description", "version_added", "author", "examples", "returns"} {
		if err == nil || !strings.Contains(err.Error(), "no "+part) {
			t.Errorf("%s is missing, and not all is told: %v", part, err)
		}
	}
}

// Keys that there are not, and parts that are missing, are told together, beside what could be read.
func TestAllFaultsOfADoc(t *testing.T) {
	doc, err := described("short_description: x\nauthors: [me]\ncomands: []\nreturns: {said: {}}").Doc()
	for _, want := range []string{"line 2: field authors is no part", "line 3: field comands is no part", "no author", "no description"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("not told: %s: %v", want, err)
		}
	}
	if doc == nil || doc.ShortDescription != "x" || len(doc.ReturnKeys()) != 1 {
		t.Errorf("%+v", doc)
	}
}

// described is a module with this doc.yml.
func described(text string) *Module {
	return Define("g", []byte(text), func(context.Context, *Call, *struct{}) (any, error) { return nil, nil })
}

// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// Server is a server as Nova shows it.
type Server struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Status string `json:"status"`
	Host   string `json:"OS-EXT-SRV-ATTR:host"`
	Task   string `json:"OS-EXT-STS:task_state"`
	Flavor struct {
		RAM int `json:"ram"` // MiB
	} `json:"flavor"`
	Fault struct {
		Message string `json:"message"`
	} `json:"fault"`
}

// Boot asks for a server without a NIC, on the host or, if that is empty, on any, and returns its UUID.
func (c *Cloud) Boot(ctx context.Context, name, image, flavor, host string) (string, error) {
	server := map[string]any{"name": name, "imageRef": image, "flavorRef": flavor, "networks": "none"}
	if host != "" {
		server["host"] = host
	}
	var made struct{ Server Server }
	err := c.Nova(ctx, http.MethodPost, "/servers", map[string]any{"server": server}, &made)
	return made.Server.ID, err
}

// Flavor makes a flavor that ends with the test, and returns its ID. ram is in MiB, disk in GiB.
func (c *Cloud) Flavor(t testing.TB, name string, vcpus, ram, disk int) string {
	t.Helper()
	var made struct{ Flavor struct{ ID string } }
	body := map[string]any{"flavor": map[string]any{"name": name, "vcpus": vcpus, "ram": ram, "disk": disk}}
	if err := c.Nova(t.Context(), http.MethodPost, "/flavors", body, &made); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Nova(context.WithoutCancel(t.Context()), http.MethodDelete, "/flavors/"+made.Flavor.ID, nil, nil)
	})
	return made.Flavor.ID
}

// Server reads a server; false if there is none of that UUID.
func (c *Cloud) Server(ctx context.Context, uuid string) (Server, bool, error) {
	var answer struct{ Server Server }
	err := c.Nova(ctx, http.MethodGet, "/servers/"+uuid, nil, &answer)
	if Refused(err, http.StatusNotFound) {
		return Server{}, false, nil
	}
	return answer.Server, err == nil, err
}

// Act asks for an action.
func (c *Cloud) Act(ctx context.Context, server, action string, with any) error {
	return c.Nova(ctx, http.MethodPost, "/servers/"+server+"/action", map[string]any{action: with}, nil)
}

// Delete deletes a server. One that is gone already is not an error.
func (c *Cloud) Delete(ctx context.Context, server string) error {
	err := c.Nova(ctx, http.MethodDelete, "/servers/"+server, nil, nil)
	if Refused(err, http.StatusNotFound) {
		return nil
	}
	return err
}

// TakenBackError tells that Nova took an action back, and why, as far as it says.
type TakenBackError struct {
	Server Server
	Reason string // the failed events of the newest action, the newest first
}

func (e *TakenBackError) Error() string {
	return fmt.Sprintf("server %s is %s: %s %s", e.Server.ID, e.Server.Status, e.Server.Fault.Message, e.Reason)
}

// NoHost reports whether the scheduler found no host. It finds none for a while when computes are too busy to report that they
// are up.
func (e *TakenBackError) NoHost() bool {
	newest, _, _ := strings.Cut(e.Reason, between)
	return strings.Contains(newest, "No valid host")
}

// between stands between two failed events.
const between = "\n"

// failedEvents returns what the failed events of the newest action of a server say, the newest first: why a server that is not in
// ERROR is where it was before stands nowhere else. Where a compute refused, its event has the reason, and the conductor's only says
// that no host was left.
func (c *Cloud) failedEvents(ctx context.Context, uuid string) string {
	var list struct {
		Actions []struct {
			Request string `json:"request_id"`
		} `json:"instanceActions"`
	}
	path := "/servers/" + uuid + "/os-instance-actions"
	if err := c.Nova(ctx, http.MethodGet, path, nil, &list); err != nil || len(list.Actions) == 0 {
		return fmt.Sprintf("(no actions: %v)", err)
	}
	var one struct {
		Action struct {
			Action string
			Events []struct {
				Event, Host, Result, Details string
				Start                        string `json:"start_time"`
			}
		} `json:"instanceAction"`
	}
	if err := c.Nova(ctx, http.MethodGet, path+"/"+list.Actions[0].Request, nil, &one); err != nil {
		return fmt.Sprintf("(no events: %v)", err)
	}
	var failed []string
	for _, e := range one.Action.Events {
		if e.Result != "Success" {
			failed = append(failed, fmt.Sprintf("%s: %s on %s: %s %s", e.Start, e.Event, e.Host, e.Result, e.Details))
		}
	}
	if len(failed) == 0 {
		failed = []string{"no event failed"}
	}
	return one.Action.Action + ": " + strings.Join(failed, between)
}

// Computes returns what Nova says of its compute services now, in a line: why the scheduler finds no host.
func (c *Cloud) Computes(ctx context.Context) string {
	var list struct {
		Services []struct {
			Host, State, Status string
			Updated             string `json:"updated_at"`
		}
	}
	if err := c.Nova(ctx, http.MethodGet, "/os-services?binary=nova-compute", nil, &list); err != nil {
		return fmt.Sprintf("(no services: %v)", err)
	}
	lines := make([]string, len(list.Services))
	for i, s := range list.Services {
		lines[i] = fmt.Sprintf("%s %s %s %s", s.Host, s.State, s.Status, s.Updated)
	}
	return strings.Join(lines, ", ")
}

// poll is how often a server is looked at that something is done with.
const poll = 300 * time.Millisecond

// Settle waits until nothing is done with a server and it has one of the statuses. It returns early, with an error, if the
// server is gone, in ERROR, or where it was before: Nova writes the task of a resize, a move, a shelve and an unshelve before it
// answers, and takes it back if there is no room. A confirm has no task: until it is done the server stays in VERIFY_RESIZE.
func (c *Cloud) Settle(ctx context.Context, uuid string, patience time.Duration, statuses ...string) (Server, error) {
	end := time.Now().Add(patience)
	for {
		s, found, err := c.Server(ctx, uuid)
		switch {
		case err != nil:
		case !found:
			return s, fmt.Errorf("server %s is gone", uuid)
		case s.Task == "" && slices.Contains(statuses, s.Status):
			return s, nil
		case s.Task == "" && slices.Contains([]string{"ERROR", "ACTIVE", "SHELVED_OFFLOADED"}, s.Status):
			return s, &TakenBackError{Server: s, Reason: c.failedEvents(ctx, uuid)}
		}
		if time.Now().After(end) {
			return s, fmt.Errorf("server %s is %s, task %q, on host %q after %s (last error: %v)", uuid, s.Status, s.Task, s.Host, patience, err) //nolint:errorlint // often nil
		}
		time.Sleep(poll)
	}
}

// Gone waits until a server is gone.
func (c *Cloud) Gone(ctx context.Context, uuid string, patience time.Duration) error {
	end := time.Now().Add(patience)
	for {
		s, found, err := c.Server(ctx, uuid)
		if err == nil && !found {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("server %s is still there after %s: %s, task %q (last error: %v)", uuid, patience, s.Status, s.Task, err) //nolint:errorlint // often nil
		}
		time.Sleep(poll)
	}
}

// Move is a migration as Nova shows it.
type Move struct {
	UUID   string `json:"uuid"`
	Status string `json:"status"`
	Type   string `json:"migration_type"`
	Source string `json:"source_compute"`
	Dest   string `json:"dest_compute"`
}

// Moves returns the migrations of a server.
func (c *Cloud) Moves(ctx context.Context, server string) ([]Move, error) {
	var answer struct{ Migrations []Move }
	err := c.Nova(ctx, http.MethodGet, "/os-migrations?instance_uuid="+server, nil, &answer)
	return answer.Migrations, err
}

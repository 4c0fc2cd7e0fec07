// SPDX-License-Identifier: Apache-2.0

package live

import (
	"context"
	"fmt"
	"net/http"
	"slices"
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
			return s, fmt.Errorf("server %s is %s: %s", uuid, s.Status, s.Fault.Message)
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

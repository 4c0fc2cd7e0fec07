// SPDX-License-Identifier: Apache-2.0

//go:build ansible

package ansible_test

import (
	"context"
	"errors"
	"os/exec"
	"testing"
	"time"
)

// TestArm64 runs the program for linux/arm64 in QEMU: it says of the recorded cloud what the one of this machine says.
func TestArm64(t *testing.T) {
	here := audited(t, "../../binaries/host/placement")
	there := audited(t, "qemu-aarch64-static", "../../binaries/linux_arm64/placement")
	if here == "" || here != there {
		t.Errorf("here:\n%s\non arm64:\n%s", here, there)
	}
}

// audited returns what a program prints of the recorded snapshot, in which it finds something.
func audited(t *testing.T, program ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	argv := append(program, "audit", "-o", "json", "--snapshot", "../recorded/snapshot.json")
	out, err := exec.CommandContext(ctx, argv[0], argv[1:]...).Output()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Fatalf("%q: %v\n%s", argv, err, out)
	}
	return string(out)
}

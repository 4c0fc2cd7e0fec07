// SPDX-License-Identifier: Apache-2.0

package files

import "golang.org/x/sys/unix"

// search opens a folder to look up names in it. It needs no right to read the folder.
const search = unix.O_PATH

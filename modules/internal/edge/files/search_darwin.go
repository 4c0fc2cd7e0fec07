// SPDX-License-Identifier: Apache-2.0

package files

// search opens a folder to look up names in it. It needs no right to read the folder. The value is that of O_SEARCH in
// macOS's fcntl.h: O_EXEC with O_DIRECTORY.
const search = 0x40000000

//go:build !unix

package gitrepo

import "os"

// mapFile maps nothing here: pieces of the file are read instead.
func mapFile(*os.File, int64) []byte { return nil }

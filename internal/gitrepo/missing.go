package gitrepo

import (
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
)

// missing says in words for people what a missing object means.
func (r *Repo) missing(id string) error {
	short := hex.EncodeToString([]byte(id))
	switch {
	case exists(filepath.Join(r.commonDir, "shallow")):
		return fmt.Errorf("%w: %s; the clone is shallow: git fetch --unshallow, or --deepen, gets it", errNoObject, short)
	case r.partial():
		return fmt.Errorf("%w: %s; the clone is partial, and nothing is fetched here: git checkout, or git fetch --refetch, gets it", errNoObject, short)
	default:
		return fmt.Errorf("%w: %s; git fsck says more", errNoObject, short)
	}
}

// partial tells whether the clone left out objects to fetch them when they are needed.
func (r *Repo) partial() bool {
	if _, ok := r.settings.local.last("extensions.partialclone"); ok {
		return true
	}
	for key := range r.settings.local {
		if strings.HasPrefix(key, "remote.") && strings.HasSuffix(key, ".promisor") {
			return true
		}
	}
	return false
}

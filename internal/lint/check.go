package lint

import (
	buildcontext "github.com/ctxsize/ctxsize/context"
)

// Check asks every rule and returns what they find, in the order of its places.
// The ignore file's own suppressions are not followed yet; see [Suppress].
func Check(f Facts) []Finding {
	e := newEvidence(f)
	var all []Finding
	for _, r := range rules() {
		if r.find == nil || r.docker && f.Builder == buildcontext.Podman {
			continue
		}
		found := r.find(e)
		for i := range found {
			found[i].ID = r.ID
			if e.misread[found[i].Line] {
				found[i].Edit = nil // the line is not what it says
			}
		}
		all = append(all, found...)
	}
	Sort(all)
	return all
}

package verify

import "strings"

// familiar returns the short form of an image's name, which is what the front
// end looks a named context up by: "docker.io/library/alpine:latest" is "alpine".
// (distribution/reference, helpers.go, FamiliarString; moby/buildkit,
// frontend/dockerui/config.go, NamedContext)
func familiar(name string) string {
	if short, ok := strings.CutPrefix(name, "docker.io/"); ok {
		name = strings.TrimPrefix(short, "library/")
	}
	return strings.TrimSuffix(name, ":latest")
}

package dockerfile

import (
	"fmt"
	"strings"

	"github.com/distribution/reference"
)

// LocalContext tells whether the value of a --build-context is a directory. The
// others are images (docker-image://, oci-layout://), another target of a bake
// file (target:, input:) and remote sources.
//
// It follows docker/buildx build/opt.go : loadInputs, where only
// the remaining values are looked up on disk.
func LocalContext(value string) bool { return classify(value) == contextLocal }

type contextKind int

const (
	contextLocal   contextKind = iota
	contextImage               // has a configuration that is not known here
	contextScratch             // docker-image://scratch
	contextRemote              // git or http: files without a configuration
)

func classify(value string) contextKind {
	for _, prefix := range []string{"docker-image:", "oci-layout:", "target:", "input:"} {
		if rest, ok := strings.CutPrefix(value, prefix); ok {
			if prefix == "docker-image:" && strings.TrimPrefix(rest, "//") == scratch {
				return contextScratch
			}
			return contextImage
		}
	}
	if isWebAddress(value) {
		return contextRemote
	}
	if _, _, err := parseGitRef(value); err == nil {
		return contextRemote
	}
	return contextLocal
}

// namedContext is one --build-context.
type namedContext struct {
	name string // as given
	kind contextKind
}

// namedContexts indexes the contexts by the name under which the front end looks
// them up (docker/buildx commands/build.go : ParseContextNames). A name with a
// platform ("alpine::linux/arm64"), which bake can pass, stays as it is.
func namedContexts(given map[string]string) (map[string]*namedContext, error) {
	all := make(map[string]*namedContext, len(given))
	for name, value := range given {
		nc := &namedContext{name: name, kind: classify(value)}
		if strings.Contains(name, "::") {
			all[name] = nc
			continue
		}
		ref, err := reference.ParseNormalizedNamed(name)
		if err != nil {
			return nil, fmt.Errorf("invalid context name %s: %w", name, err)
		}
		all[familiar(ref)] = nc
	}
	return all, nil
}

func familiar(ref reference.Named) string {
	return strings.TrimSuffix(reference.FamiliarString(ref), ":latest")
}

// lookup follows convert.go : namedContextFunc and dockerui/config.go :
// Client.NamedContext. Every stage name passes through it, so a name that is no
// image reference ("a-") is an error even where there are no named contexts.
func (c *converter) lookup(name string, p *platform) (*namedContext, error) {
	if strings.EqualFold(name, scratch) || strings.EqualFold(name, "context") {
		return nil, nil
	}
	if p == nil {
		p = &c.targetPlatform
	}
	return c.lookupAny(name, p)
}

func (c *converter) lookupAny(name string, p *platform) (*namedContext, error) {
	ref, err := reference.ParseNormalizedNamed(name)
	if err != nil {
		return nil, fmt.Errorf("invalid context name %s: %w", name, err)
	}
	name = familiar(ref)
	if nc := c.named[name+"::"+p.normalize().all()]; nc != nil {
		return nc, nil
	}
	return c.named[name], nil
}

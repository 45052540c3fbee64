package plan

// NamedContext is one --build-context as a builder is given it.
type NamedContext struct {
	Name, Value string
	// Dir is the absolute path where the value is a local directory, else "".
	Dir string
}

// NamedContexts returns every --build-context, in the order of the command line.
func (r *Run) NamedContexts() []NamedContext {
	all := make([]NamedContext, len(r.named))
	for i, c := range r.named {
		all[i] = NamedContext{Name: c.name, Value: c.value}
		if c.src != nil {
			all[i].Dir = c.root
		}
	}
	return all
}

// Place returns the directory that BuildKit's client sends the Dockerfile from,
// and its name there. The directory is "" for one from standard input, and where
// another builder than BuildKit was asked about.
func (d *Dockerfile) Place() (dir, base string) {
	if d.dir != nil {
		dir = d.dirPath
	}
	return dir, d.base
}

// GivenBuildArgs returns the build arguments with their values; those that only
// name a variable which the environment does not have are left out.
func (r *Run) GivenBuildArgs() map[string]string { return r.buildArgs() }

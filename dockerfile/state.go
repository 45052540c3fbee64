package dockerfile

import (
	"slices"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/util/system"
)

// load is one source of files that states descend from: the main context, or one
// loading of a named context, which is limited to the paths of its owner
// (convert.go : asyncLocalOpts; dockerui/namedcontext.go : asyncLocalOutput).
type load struct {
	context *namedContext
	owner   *stageState
}

// state is what an llb.State amounts to here.
type state struct {
	env  *environ
	dir  string
	open bool    // dir lies below a base image's directory, which is not known
	uses []*load // never changed in place
	err  error   // why the state cannot be marshaled
}

func (s *state) descendFrom(o state) {
	for _, l := range o.uses {
		if !slices.Contains(s.uses, l) {
			s.uses = append(slices.Clip(s.uses), l)
		}
	}
	if s.err == nil {
		s.err = o.err
	}
}

// image is the part of an image's configuration that a build depends on.
type image struct {
	env     *environ
	workdir string
	open    bool // a real image: env and workdir are not known
}

// emptyImage follows image.go : emptyImage.
func emptyImage(p platform) image {
	img := image{env: &environ{}, workdir: "/"}
	if p.os != "windows" {
		img.env.set(pathName, variable{value: system.DefaultPathEnv(p.os)})
	}
	return img
}

// pathName is the variable that every image has.
const pathName = "PATH"

// command is an instruction with the stages that it reads from.
type command struct {
	instructions.Command
	sources []*stageState
	onbuild *instructions.OnbuildCommand // the instruction that it was trigger of
}

// stageState is convert.go : dispatchState.
type stageState struct {
	stage        instructions.Stage
	label        string // as in Stage.Name
	index        int
	written      string   // base name before normalization
	baseArgs     []string // the build arguments in it that nobody gave
	state        state
	image        image
	args         []string // the variables that its ARG lines have set
	platform     *platform
	base         *stageState
	replacedBy   *namedContext
	deps         []*stageState
	commands     []command
	paths        *asked // of the named context that it begins from
	dispatched   bool
	resolved     bool // its base, as that of a stage that is needed
	checked      bool // its base, which must be an image reference
	onbuildInit  bool
	unregistered bool

	place    int       // in the order in which stages are dispatched
	reads    asked     // of the main context
	unknowns []Unknown // about the stage
	failed   bool      // no target that needs it can be built
}

// name is how BuildKit's errors call the stage.
func (d *stageState) name() string {
	if d.stage.Name == "" && !d.unregistered {
		return "stage-" + d.label
	}
	return d.stage.Name
}

func (d *stageState) load(c *converter, nc *namedContext) {
	l := &load{context: nc, owner: d}
	c.loads = append(c.loads, l)
	d.state.uses = []*load{l}
}

func (d *stageState) openImage() {
	d.image = image{env: &environ{}, open: true}
	d.state.env = &environ{open: true}
	d.state.open = true
}

// init follows convert.go : dispatchState.init. A stage shares the path set of
// its base: what is copied from it is asked of the named context below it.
func (d *stageState) init() {
	if d.base == nil {
		return
	}
	d.state = d.base.state
	d.state.env = d.base.state.env.child()
	d.platform = d.base.platform
	d.image = d.base.image
	d.image.env = d.base.image.env.child()
	d.paths = d.base.paths
}

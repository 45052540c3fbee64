package lint

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	buildcontext "github.com/ctxsize/ctxsize/context"
	"github.com/ctxsize/ctxsize/internal/finding"
)

const (
	dockerignore    = ".dockerignore"
	containerignore = ".containerignore"
)

// misnamedFile finds files at the root, and beside the Dockerfile, that are meant
// to be ignore files and have a name that nobody reads.
func misnamedFile(e *evidence) []Finding {
	var all []Finding
	severity := finding.Warning
	if e.File == nil {
		severity = finding.Error
	}
	add := func(file, path, right string) {
		all = append(all, Finding{Finding: finding.Finding{
			Severity: severity, Path: path, File: file,
			Message: fmt.Sprintf("no builder reads a file of this name: %s is what it is called", right),
			Repair:  "rename it to " + right,
		}})
	}
	if e.Inventory != nil {
		first, count := e.Inventory.Entries(0)
		for id := first; id < first+count; id++ {
			name := e.Inventory.Name(id)
			if right := rightName(name); right != "" && !e.Inventory.Mode(id).IsDir() {
				add(name, name, right)
			}
		}
	}
	for _, name := range e.Places.Beside {
		if right := rightName(name); right != "" && right != dockerignore {
			add(e.Places.BesidePrefix+name, "", right)
		}
	}
	return all
}

// rightName returns the name that an ignore file with a wrong name should have;
// "" for a name that is right, or that is none.
func rightName(name string) string {
	lower := strings.ToLower(name)
	switch lower {
	case dockerignore:
		if name != dockerignore {
			return dockerignore
		}
	case "dockerignore", ".dockerignore.txt", ".dockerignores", ".docker-ignore", ".docker_ignore", ".dockeringore", ".dockerignor", "dockerignore.txt", ".dokerignore", ".dockignore":
		return dockerignore
	}
	if stem, ok := strings.CutSuffix(lower, ".ignore"); ok && isDockerfile(stem) {
		return name[:len(stem)] + dockerignore
	}
	if isDockerfile(strings.TrimSuffix(lower, dockerignore)) && strings.HasSuffix(lower, dockerignore) && !strings.HasSuffix(name, dockerignore) {
		return name[:len(name)-len(dockerignore)] + dockerignore
	}
	if stem, ok := strings.CutPrefix(lower, dockerignore+"."); ok && isDockerfile(stem) {
		return name[len(dockerignore)+1:] + dockerignore
	}
	return ""
}

// isDockerfile knows, in lower case, the names that people give to Dockerfiles.
func isDockerfile(lower string) bool {
	for _, stem := range []string{"dockerfile", "containerfile"} {
		if lower == stem || strings.HasPrefix(lower, stem+".") || strings.HasSuffix(lower, "."+stem) {
			return true
		}
	}
	return false
}

// nestedFile finds ignore files below the root of the context, where nothing
// tells that their directory is a context, too.
func nestedFile(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	e.Inventory.Each(0, func(in buildcontext.DirID, id buildcontext.ID) bool {
		if dir, isDir := e.Inventory.Dir(id); isDir {
			artifact := e.Artifact != nil && e.Artifact(id)
			return !e.closed(id) && !artifact && !e.isContext(dir)
		}
		if in == 0 || e.Inventory.Name(id) != dockerignore {
			return true
		}
		prefix := e.Inventory.DirPath(in)
		path := prefix + dockerignore
		if e.File != nil && e.File.Name == path {
			return true
		}
		f := Finding{Finding: finding.Finding{Severity: finding.Info, Path: path, File: path}}
		if e.File == nil {
			f.Severity = finding.Warning
		}
		f.Message = "an ignore file below the root of the context is not read"
		f.Repair = fmt.Sprintf("write its rules into %s at the root, each with %s in front", dockerignore, prefix)
		all = append(all, f)
		return true
	})
	return all
}

// isContext tells whether a directory looks like a context of its own.
func (e *evidence) isContext(dir buildcontext.DirID) bool {
	first, count := e.Inventory.Entries(dir)
	for id := first; id < first+count; id++ {
		lower := strings.ToLower(e.Inventory.Name(id))
		if isDockerfile(lower) || lower == "docker-compose.yml" || lower == "docker-compose.yaml" || lower == "compose.yaml" || lower == "compose.yml" {
			return true
		}
	}
	return false
}

// orphanFile finds ignore files that belong to a Dockerfile which is not there.
func orphanFile(e *evidence) []Finding {
	var all []Finding
	look := func(names []string, prefix string) {
		has := map[string]bool{}
		for _, n := range names {
			has[n] = true
		}
		for _, n := range names {
			stem, ok := strings.CutSuffix(n, dockerignore)
			if !ok || stem == "" || has[stem] || prefix+n == e.Places.Specific {
				continue
			}
			f := Finding{Finding: finding.Finding{Severity: finding.Warning, File: prefix + n}}
			f.Message = fmt.Sprintf("this belongs to a Dockerfile called %q, and there is none beside it: nobody reads it", stem)
			f.Repair = "name it after its Dockerfile, with .dockerignore behind"
			all = append(all, f)
		}
	}
	if e.Inventory != nil {
		var names []string
		first, count := e.Inventory.Entries(0)
		for id := first; id < first+count; id++ {
			if !e.Inventory.Mode(id).IsDir() {
				names = append(names, e.Inventory.Name(id))
			}
		}
		look(names, "")
	}
	look(e.Places.Beside, e.Places.BesidePrefix)
	return all
}

// foreignFile finds the ignore file of another builder where this one has none.
func foreignFile(e *evidence) []Finding {
	if e.File != nil || e.Inventory == nil || e.Builder == buildcontext.Podman {
		return nil
	}
	if _, ok := e.Inventory.Child(0, containerignore); !ok {
		return nil
	}
	return []Finding{{Finding: finding.Finding{
		Severity: finding.Warning, Path: containerignore, File: containerignore,
		Message: "Docker does not read this file, only Podman does: for Docker nothing is ignored",
		Repair:  "rename it to .dockerignore, which Podman reads, too",
	}}}
}

// replacedFile finds that the ignore file of the Dockerfile takes the place of
// .dockerignore, where that makes a difference.
func replacedFile(e *evidence) []Finding {
	if e.Places.Specific == "" || e.File == nil || e.docker == nil || e.Builder != buildcontext.BuildKit {
		return nil
	}
	request := buildcontext.Request{Builder: buildcontext.BuildKit}
	if e.Places.Plain != nil {
		request.Rules = e.Places.Plain.Rules()
	}
	plain, err := buildcontext.Select(e.Inventory, request)
	if err != nil {
		return nil
	}
	f := Finding{Finding: finding.Finding{Severity: finding.Info, File: e.File.Name}}
	differs, slips, alone := "", 0, e.onlyBuildKit()
	e.Inventory.Each(0, func(in buildcontext.DirID, id buildcontext.ID) bool {
		if e.Inventory.Mode(id).IsDir() {
			return true
		}
		was, is := plain.Eligible(id), e.docker.Eligible(id)
		if was != is && differs == "" {
			differs = e.Inventory.Path(in, id)
		}
		if !was && is && (!alone || e.unwanted(entry{id, e.Inventory.Path(in, id)})) {
			slips++
			if f.CostBytes += e.sentBytes(id); f.Path == "" {
				f.Path = e.Inventory.Path(in, id)
			}
		}
		return true
	})
	switch {
	case differs == "" || alone && slips == 0:
		return nil
	case e.Places.Plain == nil:
		f.Path = differs
		f.Message = fmt.Sprintf("only BuildKit reads this file: the classic builder and others send %q", differs)
		f.Repair = "put rules that hold for every builder into .dockerignore; this file then replaces it for BuildKit"
	case slips > 0:
		f.Message = fmt.Sprintf("this file replaces .dockerignore and does not add to it: what that ignores, such as %q, is not ignored here (%s)", f.Path, counted(slips, "file", "files"))
		f.Repair = "copy the rules of .dockerignore that are to hold here, too"
	default:
		f.Path = differs
		f.Message = fmt.Sprintf("this file replaces .dockerignore, which is what the classic builder reads: it sends %q", differs)
		f.Repair = "nothing, if only BuildKit builds this"
	}
	return []Finding{f}
}

// unwanted tells whether an entry is surely not meant to be sent: git ignores it,
// or a tool left it there.
func (e *evidence) unwanted(d entry) bool {
	switch {
	case e.Git != nil && e.Git.Tracked(d.path):
		return false
	case e.Artifact != nil && e.Artifact(d.id):
		return true
	default:
		return e.Git != nil && e.Git.Ignored(d.path, e.Inventory.Mode(d.id).IsDir())
	}
}

// newSyntax is what the classic builder does not know: whoever writes it has chosen
// BuildKit.
var newSyntax = regexp.MustCompile(`(?i)^\s*(?:#\s*syntax\s*=|(?:RUN|COPY|ADD)(?:\s+--\S+)*\s+(?:--(?:mount|network|security|link|exclude|parents|checksum|keep-git-dir|unpack)\b|<<-?["']?\w))`)

// onlyBuildKit tells whether the Dockerfile is written for BuildKit.
func (e *evidence) onlyBuildKit() bool {
	return e.Build != nil && slices.ContainsFunc(e.Build.Lines, newSyntax.MatchString)
}

// linkedFile finds an ignore file that is a link which the builders follow to
// different places.
func linkedFile(e *evidence) []Finding {
	if !e.Places.OtherClassic {
		return nil
	}
	return []Finding{{Finding: finding.Finding{
		Severity: finding.Warning, File: dockerignore, Path: dockerignore,
		Message: "the file is a link, which the classic builder follows on the host, and BuildKit inside the context only: they read different rules",
		Repair:  "make it a plain file",
	}}}
}

// socketSent finds sockets, which become empty files for BuildKit and are left
// out by the classic builder.
func socketSent(e *evidence) []Finding {
	if e.docker == nil {
		return nil
	}
	var all []Finding
	e.Inventory.Each(0, func(in buildcontext.DirID, id buildcontext.ID) bool {
		if isSocket(e.Inventory.Mode(id)) && e.sentOrKept(id) {
			path := e.Inventory.Path(in, id)
			all = append(all, Finding{Finding: finding.Finding{
				Severity: finding.Info, Path: path,
				Message: fmt.Sprintf("%q is a socket: BuildKit makes an empty file of it, the classic builder leaves it out", path),
				Repair:  "ignore it",
			}})
		}
		return !e.closed(id)
	})
	return all
}

func isSocket(mode fs.FileMode) bool { return mode&fs.ModeSocket != 0 }

// sentOrKept tells whether an entry is sent; for a builder that cannot send it,
// whether it is kept.
func (e *evidence) sentOrKept(id buildcontext.ID) bool {
	return e.sent(id) || e.Builder == buildcontext.Classic && e.docker.Eligible(id)
}

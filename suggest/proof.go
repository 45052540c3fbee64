package suggest

import (
	"path"
	"strings"
)

// proof tells whether a candidate is the artifact, and by what evidence.
type proof struct {
	// says is what it takes, for people.
	says string
	// holds is a pure function of the place.
	holds func(p *place) (evidence string, ok bool)
}

// byName is for the names that nobody gives to anything else.
var byName = proof{"its name", func(*place) (string, bool) { return "known by its name", true }}

// beside wants one of the markers where the candidate's own name begins.
func beside(markers ...string) proof {
	names := allNamed(markers)
	return proof{list(markers) + " beside it", func(p *place) (string, bool) {
		marker, ok := p.any(p.base, names)
		if ok && marker != p.id {
			return p.inv.Name(marker) + " beside it", true
		}
		return "", false
	}}
}

// above wants one of the markers beside the candidate or in any directory above:
// workspaces have their markers at the top.
func above(markers ...string) proof {
	names := allNamed(markers)
	near := beside(markers...)
	return proof{list(markers) + " beside or above it", func(p *place) (string, bool) {
		if e, ok := near.holds(p); ok {
			return e, true
		}
		for dir := p.base; dir != 0; {
			dir = p.inv.Parent(dir)
			if marker, ok := p.any(dir, names); ok {
				return p.inv.DirPath(dir) + p.inv.Name(marker) + " above it", true
			}
		}
		return "", false
	}}
}

// inside wants one of the markers in the candidate.
func inside(markers ...string) proof {
	names := allNamed(markers)
	return proof{list(markers) + " inside", func(p *place) (string, bool) {
		if !p.isDir {
			return "", false
		}
		marker, ok := p.any(p.sub, names)
		if !ok {
			return "", false
		}
		return p.inv.Name(marker) + " inside", true
	}}
}

// without wants the candidate to be no source: none of the names inside.
func without(markers ...string) proof {
	names := allNamed(markers)
	return proof{"no " + list(markers) + " inside", func(p *place) (string, bool) {
		if !p.isDir {
			return "", true
		}
		_, ok := p.any(p.sub, names)
		return "", !ok
	}}
}

// says wants one of the words in a marker beside the candidate.
func says(marker string, words ...string) proof {
	name := newNamed(nil, marker)
	return proof{quote(marker) + " beside it that names " + list(words), func(p *place) (string, bool) {
		id, ok := p.glob(p.base, name)
		if !ok {
			return "", false
		}
		dir, _ := path.Split(marker)
		found := p.inv.DirPath(p.base) + dir + p.inv.Name(id)
		word, ok := containsOne(p.read(id, found, manifestSize), words)
		return p.inv.Name(id) + " names " + strings.Trim(word, `"`), ok
	}}
}

// heavy wants a file to weigh something.
var heavy = proof{"a mebibyte at least", func(p *place) (string, bool) { return "", p.inv.Size(p.id) >= 1<<20 }}

// header wants the first bytes of a file to be what the evidence says.
func header(evidence string, is func(head []byte) bool) proof {
	return proof{evidence, func(p *place) (string, bool) {
		if p.isDir {
			return "", false
		}
		return evidence, is(p.head(p.id, p.path))
	}}
}

// all wants every proof, and shows the evidence of each.
func all(proofs ...proof) proof {
	return proof{join(proofs, ", and "), func(p *place) (string, bool) {
		var evidence []string
		for _, q := range proofs {
			e, ok := q.holds(p)
			if !ok {
				return "", false
			}
			if e != "" {
				evidence = append(evidence, e)
			}
		}
		return strings.Join(evidence, ", "), true
	}}
}

// either takes the first proof that holds.
func either(proofs ...proof) proof {
	return proof{join(proofs, orElse), func(p *place) (string, bool) {
		for _, q := range proofs {
			if e, ok := q.holds(p); ok {
				return e, true
			}
		}
		return "", false
	}}
}

const orElse = "; or "

func allNamed(markers []string) []*named {
	names := make([]*named, len(markers))
	for i, m := range markers {
		names[i] = newNamed(nil, m)
	}
	return names
}

func join(proofs []proof, by string) string {
	parts := make([]string, len(proofs))
	for i, q := range proofs {
		if parts[i] = q.says; strings.Contains(q.says, orElse) && by != orElse {
			parts[i] = "(" + q.says + ")"
		}
	}
	return strings.Join(parts, by)
}

// list writes names for people: "`a`, `b` or `c`".
func list(names []string) string {
	var b strings.Builder
	for i, name := range names {
		switch {
		case i == 0:
		case i == len(names)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(quote(name))
	}
	return b.String()
}

func quote(name string) string { return "`" + name + "`" }

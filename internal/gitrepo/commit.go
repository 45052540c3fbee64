package gitrepo

import (
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Commit is one commit.
type Commit struct {
	// ID, TreeID and Parents are in hexadecimal. The last commits of a shallow
	// clone have no parents.
	ID, TreeID string
	Parents    []string
	// Shallow tells that a shallow clone left the parents out.
	Shallow bool
	// Time is when it was committed.
	Time time.Time
	// Subject is the first line of its message.
	Subject string
}

// Commit returns the commit that a revision names, as [Repo.At] reads it.
func (r *Repo) Commit(rev string) (Commit, error) {
	id, err := r.resolve(rev)
	if err == nil {
		id, err = r.peel(rev, id, kindCommit)
	}
	if err != nil {
		return Commit{}, err
	}
	return r.commit(id)
}

// commit reads a commit by its raw id.
func (r *Repo) commit(id string) (Commit, error) {
	o, err := r.objects()
	if err != nil {
		return Commit{}, err
	}
	data, err := o.readKind(id, kindCommit)
	if errors.Is(err, errNoObject) {
		err = r.missing(id)
	}
	if err != nil {
		return Commit{}, fmt.Errorf("the commit %x: %w", id, err)
	}
	c := Commit{ID: hex.EncodeToString([]byte(id))}
	text := fields(data, func(name, value string) {
		switch name {
		case "tree":
			c.TreeID = value
		case "parent":
			c.Parents = append(c.Parents, value)
		case "committer":
			c.Time = commitTime(value)
		}
	})
	c.Subject, _, _ = strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	shallow, err := r.shallow()
	if err != nil {
		return Commit{}, err
	}
	if c.Shallow = shallow[c.ID]; c.Shallow {
		c.Parents = nil
	}
	return c, nil
}

// commitTime reads "name <address> seconds zone".
func commitTime(line string) time.Time {
	parts := strings.Fields(line[strings.LastIndexByte(line, '>')+1:])
	if len(parts) == 0 {
		return time.Time{}
	}
	seconds, err := strconv.ParseInt(parts[0], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// readShallow returns the commits whose parents a shallow clone left out.
func (r *Repo) readShallow() (map[string]bool, error) {
	path := filepath.Join(r.commonDir, "shallow")
	if !exists(path) {
		return nil, nil
	}
	data, err := readFile(path, 1<<28)
	ids := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		ids[strings.TrimSpace(line)] = true
	}
	return ids, err
}

// FirstParents returns the commits from a revision on, each followed by its first
// parent. It ends with the first commit of the repository or of a shallow clone,
// or with an error.
func (r *Repo) FirstParents(rev string) iter.Seq2[Commit, error] {
	return func(yield func(Commit, error) bool) {
		id, err := r.resolve(rev)
		if err == nil {
			id, err = r.peel(rev, id, kindCommit)
		}
		for err == nil {
			var c Commit
			if c, err = r.commit(id); err != nil {
				break
			}
			if !yield(c, nil) || len(c.Parents) == 0 {
				return
			}
			if id = r.rawID(c.Parents[0]); id == "" {
				err = fmt.Errorf("the commit %s: %w", c.ID, errDamaged)
			}
		}
		yield(Commit{}, err)
	}
}

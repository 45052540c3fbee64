package gitrepo

import "bytes"

// expandIdent makes "$Id: … $" of "$Id$". (git/git, convert.c, ident_to_worktree)
func expandIdent(data []byte, id string) []byte {
	var out []byte
	for {
		before, rest, ok := bytes.Cut(data, []byte("$Id"))
		if !ok {
			break
		}
		end := identEnd(rest)
		out = append(append(out, before...), "$Id"...)
		if end >= 0 {
			out = append(append(append(out, ": "...), id...), " $"...)
			rest = rest[end:]
		}
		data = rest
	}
	return append(out, data...)
}

// identEnd returns where a keyword ends whose beginning "$Id" came before, or -1:
// what another version control system made of it stays.
func identEnd(rest []byte) int {
	if bytes.HasPrefix(rest, []byte("$")) {
		return 1
	}
	if !bytes.HasPrefix(rest, []byte(":")) {
		return -1
	}
	end := bytes.IndexByte(rest, '$')
	if end < 0 || bytes.IndexByte(rest[:end], '\n') >= 0 {
		return -1
	}
	if end > 2 {
		if space := bytes.IndexByte(rest[2:end], ' '); space >= 0 && 2+space < end-1 {
			return -1
		}
	}
	return end + 1
}

// streamIdent does the same as git does it to a stream, where "$$Id$" is none.
// (git/git, convert.c, ident_filter_fn)
func streamIdent(data []byte, id string) []byte {
	const head = "$Id"
	var out []byte
	seen := 0 // bytes of head
	for len(data) > 0 {
		if seen < len(head) && data[0] == head[seen] {
			seen++
			data = data[1:]
			continue
		}
		out = append(out, head[:seen]...)
		end, keyword := 1, false
		if seen == len(head) {
			end, keyword = streamKeyword(data)
		}
		if keyword {
			out = append(append(append(out, ": "...), id...), " $"...)
		} else {
			out = append(out, data[:end]...)
		}
		data, seen = data[end:], 0
	}
	return append(out, head[:seen]...)
}

// streamKeyword returns how much is looked at behind "$Id", and whether it is the
// rest of a keyword.
func streamKeyword(data []byte) (end int, ok bool) {
	switch data[0] {
	case '$':
		return 1, true
	case ':':
		end := bytes.IndexAny(data, "$\n")
		if end < 0 {
			return len(data), false
		}
		return end + 1, data[end] == '$' && !foreignIdent(data[1:end])
	}
	return 1, false
}

// foreignIdent tells whether another system wrote what follows "$Id:": there is
// white space before its end. (git/git, convert.c, is_foreign_ident)
func foreignIdent(text []byte) bool {
	text, ok := bytes.CutPrefix(text, []byte(" "))
	if !ok {
		return false
	}
	space := bytes.IndexAny(text, " \t\r\v\f")
	return space >= 0 && space < len(text)-1
}

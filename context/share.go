package buildcontext

import "io/fs"

// Share is what lies below one directory: on disk, and of it what the ignore file
// keeps and what is sent.
type Share struct {
	Bytes, EligibleBytes, SentBytes int64
	Files, EligibleFiles, SentFiles int
}

// Add adds what lies elsewhere.
func (s *Share) Add(below Share) {
	s.Bytes += below.Bytes
	s.Files += below.Files
	s.EligibleBytes += below.EligibleBytes
	s.EligibleFiles += below.EligibleFiles
	s.SentBytes += below.SentBytes
	s.SentFiles += below.SentFiles
}

// Share returns what an entry adds to the shares of the directories above it; of a
// directory that is what lies below.
func (m *Measurement) Share(id ID) Share {
	e := m.sel.inv.entry(id)
	mode, size := e.mode&^ownBits, m.sel.inv.sizeOf(e, id)
	if mode.IsDir() {
		return m.Dirs[e.ref]
	}
	var share Share
	marks := m.sel.marks[id]
	var again column
	if e.mode&hasFacts != 0 {
		again = m.again[id]
	}
	if mode.IsRegular() {
		share.Files = 1
		if again&onDisk == 0 {
			share.Bytes = size
		}
		if marks&eligible != 0 {
			share.EligibleFiles = 1
			if again&inEligible == 0 {
				share.EligibleBytes = size
			}
		}
	}
	if marks&sent != 0 && (mode.IsRegular() || mode&fs.ModeSocket != 0) {
		share.SentFiles = 1
		if again&inSent == 0 && mode.IsRegular() && marks&emptied == 0 {
			share.SentBytes = size
		}
	}
	return share
}

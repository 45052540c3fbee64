package buildcontext

import "io/fs"

// numbering weighs the numbers of packets in the order in which entries are sent, up
// to where the last numbers get longer: behind it each takes the same.
type numbering struct {
	*Savings
	cut   *cut
	until int // how many entries are counted
	index int
	// bytes of the numbers, and how many packets have one.
	bytes, packets int64
}

// lastStep returns the last index, of so many entries, whose number is longer than the
// one before.
func lastStep(entries int) int {
	step := 1 // a zero is left out
	for next := 1 << 7; next < entries; next <<= 7 {
		step = next
	}
	return step
}

// number counts what is left by a cut, or everything.
func (v *Savings) number(c *cut) numbering {
	n := numbering{Savings: v, cut: c, until: lastStep(int(v.m.parts[0].entries))}
	n.directory(0)
	return n
}

// less returns the bytes that all numbers take less in what is left of the whole, which
// lacks so many packets.
func (n *numbering) less(left numbering, packets int64) int64 {
	behind := packets - n.packets + left.packets // fewer behind the last step
	return n.bytes - left.bytes + numberField(uint64(n.until))*behind
}

func (n *numbering) directory(dir DirID) {
	if n.takes(dir) {
		return
	}
	inv := n.sel.inv
	first, count := inv.Entries(dir)
	for id := first; id < first+count && n.index < n.until; id++ {
		if n.cut != nil && n.cut.gone[id] || !n.sel.Sent(id) {
			continue // what holds something that is sent is sent
		}
		if n.carries(id) {
			v := n.sel.visit(id, nil)
			_, size := v.counts()
			_, packets := dataPackets(uint64(size))
			n.add(packets)
		}
		n.index++
		if sub, ok := inv.Dir(id); ok {
			n.directory(sub)
		}
	}
}

// add adds packets of the entry that is at the index.
func (n *numbering) add(packets int64) {
	n.bytes += numberField(uint64(n.index)) * packets
	n.packets += packets
}

// takes counts a directory as a whole, if all numbers in it are equally long.
func (n *numbering) takes(dir DirID) bool {
	f := n.fold(dir)
	if n.cut != nil {
		f = n.cut.rest(dir)
	}
	if f.entries == 0 {
		return true
	}
	last := n.index + f.entries - 1
	if last >= n.until || numberField(uint64(n.index)) != numberField(uint64(last)) {
		return false
	}
	n.add(f.packets)
	n.index += f.entries
	return true
}

// carries tells whether an entry that is sent has content of its own.
func (n *numbering) carries(id ID) bool {
	mode := n.sel.inv.Mode(id)
	if !mode.IsRegular() && mode&fs.ModeSocket == 0 {
		return false
	}
	i, several := n.names[id]
	return !several || n.linked[i].carries
}

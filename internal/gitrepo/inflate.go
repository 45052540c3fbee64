package gitrepo

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"fmt"
	"io"
	"sync"
)

// maxObject is the most bytes of an object that is read whole. Git itself does
// not convert larger files in memory (core.bigFileThreshold).
const maxObject = 512 << 20

var inflaters = sync.Pool{New: func() any { return new(inflater) }}

// inflater reads a compressed stream and can be used again.
type inflater struct {
	whole io.ReadCloser // checks the sum at the end
	head  io.ReadCloser // reads a beginning and leaves the rest
	in    bytes.Reader
}

func (z *inflater) start(in io.Reader) (io.Reader, error) {
	if z.whole == nil {
		var err error
		z.whole, err = zlib.NewReader(in)
		return z.whole, err
	}
	return z.whole, z.whole.(zlib.Resetter).Reset(in, nil)
}

// inflate reads a stream that holds exactly size bytes.
func inflate(in inflatable, size int64) ([]byte, error) {
	if size > maxObject {
		return nil, fmt.Errorf("an object of %d bytes is more than ctxsize reads", size)
	}
	z := inflaters.Get().(*inflater)
	defer inflaters.Put(z)
	r, err := z.start(in)
	if err != nil {
		return nil, errDamaged
	}
	// The memory grows with what is there, whatever size says.
	out := bytes.NewBuffer(make([]byte, 0, min(size, 1<<20)+bytes.MinRead))
	if n, err := out.ReadFrom(io.LimitReader(r, size+1)); err != nil || n != size {
		return nil, errDamaged
	}
	return out.Bytes(), nil
}

// inflateHead returns the first bytes of a stream, as many as fit into out or as
// there are. part may be its beginning alone.
func inflateHead(part, out []byte) int {
	if len(part) < 2 {
		return 0
	}
	z := inflaters.Get().(*inflater)
	defer inflaters.Put(z)
	z.in.Reset(part[2:]) // behind zlib's header
	if z.head == nil {
		z.head = flate.NewReader(&z.in)
	} else if err := z.head.(flate.Resetter).Reset(&z.in, nil); err != nil {
		return 0
	}
	n := 0
	for n < len(out) {
		k, err := z.head.Read(out[n:])
		n += k
		if err != nil {
			break
		}
	}
	return n
}

package engine

import (
	"errors"
	"sync"
	"time"

	"github.com/moby/buildkit/session/filesync"
	"github.com/tonistiigi/fsutil"
	fstypes "github.com/tonistiigi/fsutil/types"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// Entry is one path that a transfer announced.
type Entry struct {
	Stat *fstypes.Stat
	// Data is how many bytes of content followed; Asked tells that the daemon
	// was answered at all.
	Data  int64
	Asked bool
}

// stream is what one local source sent, as the packets were seen.
type stream struct {
	dir      string
	follow   []string
	excludes []string
	entries  []Entry
	bytes    int64
	err      error
	done     bool
}

// errAbandoned is the end of a stream whose sender never came back: when a
// build fails elsewhere, fsutil's walk can be left in the sending of a packet
// that nobody takes (send.go : walk).
var errAbandoned = errors.New("the build ended, and the sender did not")

// patience is how long senders may take to notice the end of their build.
const patience = 5 * time.Second

// capture is BuildKit's own provider of local directories with an ear on each
// stream. It is a session.Attachable.
type capture struct {
	filesync.UnimplementedFileSyncServer
	source filesync.StaticDirSource

	mu      sync.Mutex
	streams []*stream // in the order they were asked for
	ended   chan struct{}
}

// newCapture serves dirs as buildx does: owners are reset, all else is kept.
// See buildkit client/solve.go : prepareSyncedFiles.
func newCapture(dirs map[string]string) (*capture, error) {
	c := &capture{source: filesync.StaticDirSource{}, ended: make(chan struct{}, 1)}
	for name, dir := range dirs {
		fs, err := fsutil.NewFS(dir)
		if err != nil {
			return nil, err
		}
		c.source[name], err = fsutil.NewFilterFS(fs, &fsutil.FilterOpt{
			Map: func(_ string, st *fstypes.Stat) fsutil.MapResult {
				st.Uid, st.Gid = 0, 0
				return fsutil.MapResultKeep
			},
		})
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Register implements session.Attachable.
func (c *capture) Register(server *grpc.Server) {
	filesync.RegisterFileSyncServer(server, c)
}

// DiffCopy serves one transfer.
func (c *capture) DiffCopy(server filesync.FileSync_DiffCopyServer) error {
	s := &stream{}
	c.mu.Lock()
	c.streams = append(c.streams, s)
	c.mu.Unlock()
	// The lists are kept as they came: query-escaped if one item is not ASCII
	// (session/filesync/filesync.go : encodeStringForHeader).
	md, _ := metadata.FromIncomingContext(server.Context())
	s.follow, s.excludes = md.Get("followpaths"), md.Get("exclude-patterns")
	provider := filesync.NewFSSyncProvider(c.source, func(name string, _ *fsutil.FilterOpt) error {
		s.dir = name
		return nil
	})
	err := provider.(filesync.FileSyncServer).DiffCopy(&listener{FileSync_DiffCopyServer: server, to: s})
	c.mu.Lock()
	s.err, s.done = err, true
	c.mu.Unlock()
	select {
	case c.ended <- struct{}{}:
	default: // the one that is there already makes wait look again
	}
	return err
}

// wait returns the streams of a build that has ended, in the order in which
// they were asked for.
func (c *capture) wait() []*stream {
	timeout := time.After(patience)
	for waiting := true; waiting; {
		if streams, all := c.finished(); all {
			return streams
		}
		select {
		case <-c.ended:
		case <-timeout:
			waiting = false
		}
	}
	streams, _ := c.finished()
	return streams
}

// finished returns the streams and whether all have ended. One that has not is
// still written to: another stands in its place.
func (c *capture) finished() (streams []*stream, all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	all = true
	for _, s := range c.streams {
		if !s.done {
			s, all = &stream{err: errAbandoned}, false
		}
		streams = append(streams, s)
	}
	return streams, all
}

// listener notes every packet that is sent. fsutil sends one at a time
// (send.go : syncStream).
type listener struct {
	filesync.FileSync_DiffCopyServer
	to *stream
}

func (l *listener) SendMsg(m any) error {
	p, ok := m.(*fstypes.Packet)
	if !ok {
		return l.FileSync_DiffCopyServer.SendMsg(m)
	}
	l.to.bytes += int64(p.Size()) // as the receiver counts, fsutil receive.go : run
	switch {
	case p.Type == fstypes.PACKET_STAT && p.Stat != nil:
		l.to.entries = append(l.to.entries, Entry{Stat: p.Stat.CloneVT()})
	case p.Type == fstypes.PACKET_DATA:
		e := &l.to.entries[p.ID]
		e.Asked = true
		e.Data += int64(len(p.Data))
	}
	return l.FileSync_DiffCopyServer.SendMsg(m)
}

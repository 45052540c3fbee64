package engine

import (
	"sync"

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
}

// capture is BuildKit's own provider of local directories with an ear on each
// stream. It is a session.Attachable.
type capture struct {
	filesync.UnimplementedFileSyncServer
	source filesync.StaticDirSource
	wg     sync.WaitGroup

	mu      sync.Mutex
	streams []*stream // in the order they were asked for
}

// newCapture serves dirs as buildx does: owners are reset, all else is kept.
// See buildkit client/solve.go : prepareSyncedFiles.
func newCapture(dirs map[string]string) (*capture, error) {
	c := &capture{source: filesync.StaticDirSource{}}
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
	c.wg.Add(1)
	defer c.wg.Done()
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
	s.err = provider.(filesync.FileSyncServer).DiffCopy(&listener{FileSync_DiffCopyServer: server, to: s})
	return s.err
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

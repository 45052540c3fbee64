package verify

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// line writes a line of progress about one step. State is how it is: new, begun,
// done, or the error it failed with; keyed where only its cache key is known.
func line(digest, name, state string, inputs ...string) string {
	s := fmt.Sprintf(`{"vertexes":[{"digest":%q,"name":%q`, digest, name)
	if len(inputs) > 0 {
		s += `,"inputs":["` + strings.Join(inputs, `","`) + `"]`
	}
	switch state {
	case "new":
	case "begun":
		s += `,"started":"2026-11-24T08:47:41.7Z"`
	case "keyed":
		s += `,"started":"2026-11-24T08:47:41.6Z","completed":"2026-11-24T08:47:41.6Z"`
	case "done":
		s += `,"started":"2026-11-24T08:47:41.7Z","completed":"2026-11-24T08:47:41.8Z"`
	default:
		s += fmt.Sprintf(`,"started":"2026-11-24T08:47:41.7Z","completed":"2026-11-24T08:47:41.85Z","error":%q`, state)
	}
	return s + "}]}\n"
}

// transferred writes a line of progress about a transfer.
func transferred(digest, id string, n int, last bool) string {
	s := fmt.Sprintf(`{"statuses":[{"id":%q,"vertex":%q,"name":"transferring","current":%d`, id, digest, n)
	if last {
		s += `,"completed":"2026-11-24T08:47:41.8Z"`
	}
	return s + "}]}\n"
}

// sends is a step that transfers n bytes and ends well.
func sends(digest, name, from string, n int) string {
	return line(digest, name, "keyed") + line(digest, name, "begun") + transferred(digest, "transferring "+from+":", 0, false) +
		transferred(digest, "transferring "+from+":", n, true) + line(digest, name, "done")
}

const (
	loadDockerfile = "[internal] load build definition from Dockerfile"
	loadIgnore     = "[internal] load .dockerignore"
	loadContext    = "[internal] load build context"
)

func TestTracker(t *testing.T) {
	t.Parallel()
	small := sends("1", loadDockerfile, "dockerfile", 59) + sends("2", loadIgnore, "context", 2)
	smallSent := []stream{{"dockerfile", "dockerfile", 59}, {"ignorefile", "context", 2}}
	for _, tt := range []struct {
		name    string
		output  string
		images  []string // stand-ins
		settled bool
		want    observation
	}{
		{name: "nothing", want: observation{}},
		{
			name:   "the front end is at work",
			output: small,
			want:   observation{sent: smallSent, any: true},
		},
		{
			name:   "handed over, not begun",
			output: small + line("3", loadContext, "new") + line("4", "[1/1] COPY . /", "new", "3"),
			want:   observation{sent: smallSent, any: true, handed: true, open: 1},
		},
		{
			name:   "handed over in part",
			output: small + line("4", "[1/1] COPY . /", "new", "3", "5") + sends("3", loadContext, "context", 147),
			want:   observation{sent: append([]stream{}, append(smallSent, stream{"context", "context", 147})...), any: true, handed: true},
		},
		{
			name: "the key of a step is known before it begins",
			output: small + line("4", "[1/1] COPY . /", "new", "3") + line("3", loadContext, "keyed") + line("3", loadContext, "begun") +
				transferred("3", "transferring context:", 5, false),
			want: observation{sent: smallSent, any: true, handed: true, open: 1},
		},
		{
			name:    "all has arrived, and RUN goes on",
			output:  small + line("4", "[1/1] COPY . /", "new", "3") + sends("3", loadContext, "context", 147) + line("5", "[2/2] RUN make", "begun", "4"),
			settled: true,
			want:    observation{sent: append([]stream{}, append(smallSent, stream{"context", "context", 147})...), any: true, handed: true},
		},
		{
			name: "a number is lost",
			output: small + line("4", "[1/1] COPY . /", "new", "3") + line("3", loadContext, "keyed") + line("3", loadContext, "begun") +
				transferred("3", "transferring context:", 23, false) + line("3", loadContext, "done"),
			settled: true,
			want:    observation{sent: smallSent, any: true, handed: true, untold: 1},
		},
		{
			name: "a transfer is never told of",
			output: small + line("4", "[1/1] COPY . /", "new", "3") + line("3", loadContext, "keyed") + line("3", loadContext, "begun") +
				line("3", loadContext, "done"),
			settled: true,
			want:    observation{sent: smallSent, any: true, handed: true, untold: 1},
		},
		{
			name: "a stand-in is waited for by nobody",
			output: small + sends("6", "[context alpine] load .dockerignore", "alpine", 2) +
				line("4", "[1/1] RUN x", "new", "7") + line("7", "[context alpine] load from client", "begun"),
			images:  []string{"alpine"},
			settled: true,
			want:    observation{sent: smallSent, any: true, handed: true},
		},
		{
			name: "a named context",
			output: small + sends("6", "[context other] load .dockerignore", "other", 2) + line("4", "[1/1] COPY", "new", "7") +
				sends("7", "[context other] load from client", "other", 86),
			settled: true,
			want: observation{
				sent: append([]stream{}, append(smallSent, stream{"ignorefile", "other", 2}, stream{"context", "other", 86})...),
				any:  true, handed: true,
			},
		},
		{
			name:   "an image cannot be had",
			output: small + line("8", "[internal] load metadata for docker.io/library/alpine:latest", "no such host"),
			want:   observation{sent: smallSent, any: true, unfetched: "no such host", images: []string{"docker.io/library/alpine:latest"}},
		},
		{
			name:   "a named context that is an image",
			output: small + line("8", "[context base] load metadata for alpine", "no such host"),
			want:   observation{sent: smallSent, any: true, unfetched: "no such host", images: []string{"base"}},
		},
		{
			name: "the sender fails",
			output: small + line("4", "[1/1] COPY . /", "new", "3") + transferred("3", "transferring context:", 60, true) +
				line("3", loadContext, "error from sender: failed to match excludepatterns"),
			want: observation{sent: smallSent, any: true, handed: true, refused: "error from sender: failed to match excludepatterns"},
		},
		{
			name: "cut off",
			output: small + line("4", "[1/1] COPY . /", "new", "3") + transferred("3", "transferring context:", 60, true) +
				line("3", loadContext, "context canceled: context canceled"),
			want: observation{sent: smallSent, any: true, handed: true, open: 1},
		},
		{
			name: "cut off, which is not told any more",
			output: small + line("4", "[1/1] COPY . /", "not found", "3") +
				`{"vertexes":[{"digest":"3","name":"` + loadContext + `","completed":"2026-11-24T08:47:41.9Z"}],` +
				`"statuses":[{"id":"transferring context:","vertex":"3","current":60,"completed":"2026-11-24T08:47:41.9Z"}]}` + "\n",
			settled: true,
			want:    observation{sent: smallSent, any: true, handed: true, open: 1},
		},
		{
			name: "the key of a step is told after what has arrived",
			output: small + line("4", "[1/1] COPY . /", "new", "3") +
				`{"vertexes":[{"digest":"3","name":"` + loadContext + `","completed":"2026-11-24T08:47:41.7Z"}],` +
				`"statuses":[{"id":"transferring context:","vertex":"3","current":60,"completed":"2026-11-24T08:47:41.8Z"}]}` + "\n",
			want: observation{sent: smallSent, any: true, handed: true, open: 1},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			images := standIns{}
			for _, name := range tt.images {
				images[name] = &standIn{}
			}
			tr := newTracker()
			for _, part := range strings.SplitAfter(tt.output, ",") { // lines come in pieces
				if _, err := tr.Write([]byte(part)); err != nil {
					t.Fatal(err)
				}
			}
			if got := tr.settled(images.has); got != tt.settled {
				t.Errorf("settled is %v, want %v", got, tt.settled)
			}
			if got := tr.observe(images.has); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestTrackerKeepsWhatIsNoProgress(t *testing.T) {
	t.Parallel()
	tr := newTracker()
	for _, s := range []string{"#0 warning\n", sends("1", loadDockerfile, "dockerfile", 59), "{ no JSON\n", "ERROR: no builder\n", "\n", "the end"} {
		if _, err := tr.Write([]byte(s)); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"#0 warning", "{ no JSON", "ERROR: no builder"}
	if got := tr.said.all(); !reflect.DeepEqual(got, want) {
		t.Errorf("said %q, want %q", got, want)
	}
}

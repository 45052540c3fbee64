package verify

import (
	"reflect"
	"testing"

	"github.com/ctxsize/ctxsize/internal/plan"
)

func TestCompareTransfers(t *testing.T) {
	t.Parallel()
	predicted := func(kind, name string, bytes int64) plan.Transfer {
		return plan.Transfer{Kind: kind, Name: name, WireBytes: bytes}
	}
	for _, tt := range []struct {
		name        string
		predicted   []plan.Transfer
		alternative int64
		sent        []stream
		want        []Transfer
		equal       bool
	}{
		{
			name:      "equal",
			predicted: []plan.Transfer{predicted("dockerfile", "dockerfile", 59), predicted("context", "context", 147)},
			sent:      []stream{{"dockerfile", "dockerfile", 59}, {"context", "context", 147}},
			want: []Transfer{
				{Kind: "dockerfile", Name: "dockerfile", Predicted: 59, Sent: 59, Status: Equal},
				{Kind: "context", Name: "context", Predicted: 147, Sent: 147, Status: Equal},
			},
			equal: true,
		},
		{
			name:      "one byte more",
			predicted: []plan.Transfer{predicted("context", "context", 147)},
			sent:      []stream{{"context", "context", 148}},
			want:      []Transfer{{Kind: "context", Name: "context", Predicted: 147, Sent: 148, Status: Differs}},
		},
		{
			name:      "never sent, and never predicted",
			predicted: []plan.Transfer{predicted("context", "context", 147)},
			sent:      []stream{{"ignorefile", "context", 2}},
			want: []Transfer{
				{Kind: "context", Name: "context", Predicted: 147, Status: NotSent},
				{Kind: "ignorefile", Name: "context", Sent: 2, Status: NotPredicted},
			},
		},
		{
			name:      "two transfers of one source, in no certain order",
			predicted: []plan.Transfer{predicted("context", "a", 10), predicted("context", "a", 20), predicted("context", "a", 30)},
			sent:      []stream{{"context", "a", 31}, {"context", "a", 20}, {"context", "a", 10}},
			want: []Transfer{
				{Kind: "context", Name: "a", Predicted: 10, Sent: 10, Status: Equal},
				{Kind: "context", Name: "a", Predicted: 20, Sent: 20, Status: Equal},
				{Kind: "context", Name: "a", Predicted: 30, Sent: 31, Status: Differs},
			},
		},
		{
			name:      "a named context in its long form",
			predicted: []plan.Transfer{predicted("context", "docker.io/library/base:latest", 10)},
			sent:      []stream{{"context", "base", 10}},
			want:      []Transfer{{Kind: "context", Name: "docker.io/library/base:latest", Predicted: 10, Sent: 10, Status: Equal}},
			equal:     true,
		},
		{
			name:        "one of two numbers",
			predicted:   []plan.Transfer{predicted("context", "context", 2607)},
			alternative: 2582,
			sent:        []stream{{"context", "context", 2582}},
			want:        []Transfer{{Kind: "context", Name: "context", Predicted: 2607, Alternative: 2582, Sent: 2582, Status: Equal}},
			equal:       true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := compareTransfers(tt.predicted, tt.alternative, tt.sent)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			if v := (&Verification{Transfers: got}); v.Equal() != tt.equal {
				t.Errorf("equal is %v, want %v", v.Equal(), tt.equal)
			}
		})
	}
}

func TestCompareLists(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		predicted, sent []entry
		unordered       bool
		want            List
		equal           bool
	}{
		{
			name:      "equal",
			predicted: []entry{{"d/", -1}, {"d/f", 3}},
			sent:      []entry{{"d/", -1}, {"d/f", 3}},
			want:      List{Predicted: 2, Sent: 2},
			equal:     true,
		},
		{
			name:      "one for another",
			predicted: []entry{{"a", 1}, {"b", 1}},
			sent:      []entry{{"b", 1}, {"c", 1}},
			want:      List{Predicted: 2, Sent: 2, NotSent: []string{"a"}, NotPredicted: []string{"c"}},
		},
		{
			name:      "another size; a hard link has none",
			predicted: []entry{{"a", 1}, {"link", 7}},
			sent:      []entry{{"a", 2}, {"link", -1}},
			want:      List{Predicted: 2, Sent: 2, Resized: []Sized{{Path: "a", Predicted: 1, Sent: 2}}},
		},
		{
			name:      "another order",
			predicted: []entry{{"a", 1}, {"b", 1}},
			sent:      []entry{{"b", 1}, {"a", 1}},
			want:      List{Predicted: 2, Sent: 2, Reordered: true},
		},
		{
			name:      "an order that nobody promises",
			predicted: []entry{{"a", 1}, {"b", 1}},
			sent:      []entry{{"b", 1}, {"a", 1}},
			unordered: true,
			want:      List{Predicted: 2, Sent: 2},
			equal:     true,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := compareLists(tt.predicted, tt.sent, !tt.unordered)
			if !reflect.DeepEqual(*got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", *got, tt.want)
			}
			if got.Equal() != tt.equal {
				t.Errorf("equal is %v, want %v", got.Equal(), tt.equal)
			}
		})
	}
}

func TestVerificationEqual(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		v    Verification
		want bool
	}{
		{"nothing to transfer", Verification{}, true},
		{"not compared", Verification{Transfers: []Transfer{{Status: NotCompared}}}, true},
		{"refused", Verification{Refused: "no"}, false},
		{"printed", Verification{Printed: &Printed{Predicted: "1kB", Sent: "2kB"}}, false},
		{"names", Verification{List: &List{NotSent: []string{"a"}}}, false},
		{"not predicted", Verification{Transfers: []Transfer{{Status: NotPredicted}}}, false},
	} {
		if got := tt.v.Equal(); got != tt.want {
			t.Errorf("%s: equal is %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFamiliar(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"docker.io/library/alpine:latest": "alpine",
		"docker.io/library/golang:1.25":   "golang:1.25",
		"docker.io/grafana/loki:latest":   "grafana/loki",
		"ghcr.io/astral-sh/uv:0.4":        "ghcr.io/astral-sh/uv:0.4",
		"docker.io/library/a:1@sha256:00": "a:1@sha256:00",
		"context":                         "context",
	} {
		if got := familiar(name); got != want {
			t.Errorf("familiar(%q) is %q, want %q", name, got, want)
		}
	}
}

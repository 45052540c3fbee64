package verify

// Status says how what was sent compares with what was predicted.
type Status string

// The statuses of a transfer.
const (
	// Equal means equal to the byte.
	Equal Status = "equal"
	// Differs means that the builder received another number of bytes.
	Differs Status = "differs"
	// NotSent means that a transfer was predicted, and there was none.
	NotSent Status = "not-sent"
	// NotPredicted means that there was a transfer that was not predicted.
	NotPredicted Status = "not-predicted"
	// NotCompared means that the transfer had to be another than the user's.
	NotCompared Status = "not-compared"
)

// Transfer is one stream to the builder, predicted and sent. The numbers are
// bytes, as the builder counts them.
type Transfer struct {
	// Kind and Name are those of plan.Transfer.
	Kind, Name string
	// Predicted is 0 where no such transfer was predicted. Alternative is the
	// other number that the classic client may as well print, or 0.
	Predicted, Alternative int64
	// Sent is 0 where there was no such transfer.
	Sent   int64
	Status Status
}

// Sized is a file of which another size was sent than the one that was measured.
type Sized struct {
	Path            string
	Predicted, Sent int64
}

// List compares the entries that were predicted with those that were sent. Paths
// of directories end in a slash.
type List struct {
	// Predicted and Sent count entries.
	Predicted, Sent int
	// NotSent were predicted, NotPredicted were sent: both in the order in which
	// they were to be sent or were sent.
	NotSent, NotPredicted []string
	Resized               []Sized
	// Reordered tells that the same entries were sent in another order.
	Reordered bool
}

// Equal tells whether nothing differs.
func (l *List) Equal() bool {
	return len(l.NotSent) == 0 && len(l.NotPredicted) == 0 && len(l.Resized) == 0 && !l.Reordered
}

// Printed compares the size that the client was predicted to print with the one
// that it printed.
type Printed struct {
	Predicted, Sent string
}

// Verification is what a builder sent beside what was predicted.
type Verification struct {
	// Program is the client that sent: "docker", "docker buildx", "buildctl".
	Program string
	// Version is the client's and Engine the daemon's, as they tell them; ""
	// where they do not, or where there is no daemon.
	Version, Engine string
	Transfers       []Transfer
	// List is nil where the client does not show what it sends: BuildKit's
	// clients tell numbers only.
	List *List
	// Printed is nil where the client prints no number of its own.
	Printed *Printed
	// Refused is why the builder refuses what was predicted to be sent, "" where
	// it does not.
	Refused string
	// Notes say what else is to be known of the comparison, in whole sentences
	// that begin in lower case and have no full stop.
	Notes []string
}

// Equal tells whether all that was compared is equal.
func (v *Verification) Equal() bool {
	for _, t := range v.Transfers {
		if t.Status != Equal && t.Status != NotCompared {
			return false
		}
	}
	if v.List != nil && !v.List.Equal() || v.Printed != nil && v.Printed.Predicted != v.Printed.Sent {
		return false
	}
	return v.Refused == ""
}

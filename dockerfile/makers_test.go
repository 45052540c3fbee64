package dockerfile_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ctxsize/ctxsize/dockerfile"
)

func TestMakers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text string
		want []int // lines of what made the last stage
	}{
		"its own":              {"FROM a\nRUN x\nCOPY . .\nENV A=b\nRUN y\n", []int{2, 5}},
		"another stage":        {"FROM a\nRUN x\nFROM b\nRUN y\n", []int{4}},
		"the stage below":      {"FROM a AS One\nRUN x\nFROM one AS two\nRUN y\nFROM TWO\n", []int{2, 4}},
		"copied":               {"FROM a AS one\nRUN x\nFROM b\nCOPY --from=one x y\n", []int{2}},
		"copied by number":     {"FROM a\nRUN x\nFROM b\nCOPY --from=0 x y\n", []int{2}},
		"mounted":              {"FROM a AS one\nRUN x\nFROM b\nRUN --mount=type=bind,from=one,target=/x y\n", []int{2, 4}},
		"another image":        {"FROM a\nRUN x\nFROM b\nCOPY --from=c x y\n", []int{4}},
		"no stage of a number": {"FROM 0\nRUN x\nFROM b\nCOPY --from=7 x y\n", []int{4}},
		"a variable":           {"ARG B=one\nFROM a AS one\nRUN x\nFROM ${B}\n", []int{3}},
		"the last of a name":   {"FROM a AS one\nRUN x\nFROM a AS one\nRUN y\nFROM one\n", []int{4}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := dockerfile.Parse("Dockerfile", []byte(test.text+"USER last\n"))
			if err != nil {
				t.Fatal(err)
			}
			all := file.Instructions()
			var got []int
			for _, in := range file.Makers(all[len(all)-1].Index) {
				got = append(got, in.Line)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if file.Makers(-1) != nil || file.Makers(99) != nil {
				t.Error("what is no stage is made of something")
			}
		})
	}
}

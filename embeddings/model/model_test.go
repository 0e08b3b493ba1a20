package model_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/embeddings/model"
)

func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"signs of names", "C++, C# and .NET", []string{"c++", "c#", ".net"}},
		{"full stops in names", "Node.js 1.5, ASP.NET.", []string{"nodejs", "1.5", "aspnet"}},
		{"plurals", "databases, strategies, class, analysis, status", []string{"database", "strategy", "class", "analysis", "status"}},
		{"slugs", "machine-learning", []string{"machine", "learning"}},
		{"stop words alone stay", "IT", []string{"it"}},
		{"stop words among others go", "the IT of a bank", []string{"bank"}},
		{"other scripts", "Führung, négociation; 数据库", []string{"führung", "négociation", "数据库"}},
		{"no word", " … + # . — ", nil},
		{"broken bytes", "\xff\xfego\xff", []string{"go"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, model.Words(nil, tt.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// small is a model of three words and a phrase, whose rows differ a lot in length.
func small(tb testing.TB) *model.Model {
	tb.Helper()
	row := func(at int, length float32) []float32 {
		v := make([]float32, model.Dimensions)
		v[at], v[model.Dimensions-1] = length, length/2
		return v
	}
	m := &model.Model{
		ID:     "test-1",
		Unseen: 0.5,
		Tokens: model.Quantise([][]float32{row(0, 1), row(1, 0.1), row(2, 0.02), row(3, 1)}),
		Parts:  model.Quantise([][]float32{row(4, 1), row(5, 1), row(6, 1)}),
		Keys:   []uint64{model.Hash("go"), model.Hash("rust"), model.Hash("kafka"), model.PhraseHash([]string{"rust", "belt"})},
		Next: model.Pairs{
			Keys: []uint64{1, 2}, Counts: []uint16{5, 6}, Starts: []uint32{0, 1, 1}, Items: []uint16{1}, Weights: []byte{255}, Units: []float32{0.01, 0},
		},
		Occupations: model.Occupations{
			Titles: [][]string{{"smith", "farrier"}, {"baker"}}, Groups: []uint16{7221, 7512}, Skills: []uint64{model.Hash("bake")},
			Starts: []uint32{0, 0, 0, 1, 1}, Asks: []uint16{0},
		},
	}
	read, err := model.Decode(m.Encode())
	if err != nil {
		tb.Fatal(err)
	}
	return read
}

func TestCompose(t *testing.T) {
	t.Parallel()
	m := small(t)
	tests := []struct {
		name, text string
		at         int // the place that is largest
	}{
		{"a word", "Go", 0},
		{"a short row", "Kafka", 2},
		{"a phrase before its words", "Rust Belt", 3},
		{"a row ten times as long leads", "rust go", 0},
		{"many words", strings.Repeat("go ", 3000), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v := make([]float32, model.Dimensions)
			m.Compose(v, tt.text)
			n := 0.0
			for _, x := range v {
				n += float64(x) * float64(x)
			}
			if math.Abs(n-1) > 1e-5 {
				t.Errorf("squared length %f", n)
			}
			if v[tt.at] < 0.85 {
				t.Errorf("place %d is %f", tt.at, v[tt.at])
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	good := small(t).Encode()
	if again := small(t).Encode(); !bytes.Equal(good, again) {
		t.Error("one model gives two files")
	}
	for name, data := range map[string][]byte{
		"nothing":        nil,
		"another format": []byte("something else"),
		"cut off":        good[:len(good)-3],
		"cut in half":    good[:len(good)/2],
		"one too many":   append(bytes.Clone(good), 0, 0, 0, 0),
	} {
		if _, err := model.Decode(data); err == nil {
			t.Errorf("%s is read as a model", name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(small(f).Encode())
	f.Fuzz(func(_ *testing.T, data []byte) {
		if m, err := model.Decode(data); err == nil {
			m.Compose(make([]float32, model.Dimensions), "go and rust")
		}
	})
}

// TestBuiltinSize holds the file to what it may add to the binary.
func TestBuiltinSize(t *testing.T) {
	t.Parallel()
	if n := len(model.Builtin().Encode()); n > 16_000_000 {
		t.Errorf("%d bytes", n)
	}
}

package skill

import (
	"bytes"
	"compress/flate"
	_ "embed" // the shipped tagger
	"encoding/binary"
	"fmt"
	"io"
	"sync"

	"github.com/gapwise/gapwise/internal/crf"
)

// Tagger finds phrases that name a skill by how they are written and where they stand, whether or not the catalogue has them. It is immutable
// and safe for concurrent use.
//
// Its labels are those of SkillSpan (Zhang et al., "SkillSpan: Hard and soft skill extraction from English job postings", 2022), whose knowledge is
// technologies, methods, fields and degrees. docs/accuracy.md says how it is measured; `make train-tagger` trains it anew.
type Tagger struct {
	model  *crf.Model
	lex    *Lexicon
	hashes wordHashes
	inputs [32]byte // checksum of what it was trained from
}

// NewTagger puts a model and the lexicon that it was trained with together.
func NewTagger(model *crf.Model, lex *Lexicon, inputs [32]byte) *Tagger {
	return &Tagger{model: model, lex: lex, hashes: newWordHashes(), inputs: inputs}
}

// taggerMagic begins the file of a tagger.
const taggerMagic = "gapwise-tagger\x00"

// Encode is the file of a tagger: what it is, the version of its features, the checksum of what it was trained from, and then, compressed,
// the lexicon and the model.
func (t *Tagger) Encode() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(taggerMagic)
	out.WriteByte(taggerFeatures)
	out.Write(t.inputs[:])
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	body := t.lex.phrases.appendTo(nil)
	body = t.lex.words.appendTo(body)
	if _, err := z.Write(t.model.AppendTo(body)); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// DecodeTagger reads what Encode wrote.
func DecodeTagger(data []byte) (*Tagger, error) {
	rest, ok := bytes.CutPrefix(data, []byte(taggerMagic))
	if !ok || len(rest) < 33 {
		return nil, errShortModel
	}
	if rest[0] != taggerFeatures {
		return nil, fmt.Errorf("skill: the tagger's file is of features %d, not %d: run make train-tagger", rest[0], taggerFeatures)
	}
	body, err := io.ReadAll(flate.NewReader(bytes.NewReader(rest[33:])))
	if err != nil {
		return nil, fmt.Errorf("skill: unpack the tagger: %w", err)
	}
	lex := &Lexicon{}
	if lex.phrases, body, err = readHashTable(body); err != nil {
		return nil, err
	}
	if lex.words, body, err = readHashTable(body); err != nil {
		return nil, err
	}
	model, err := crf.Read(body)
	if err != nil {
		return nil, err
	}
	return NewTagger(model, lex, [32]byte(rest[1:33])), nil
}

// TaggerVersion is the number by which a file's features are known; trainers put it in the checksum of their inputs.
func TaggerVersion() []byte { return binary.AppendUvarint(nil, taggerFeatures) }

//go:embed model/tagger.bin
var taggerFile []byte

// shippedTagger unpacks the tagger of the binary when it is first needed. It gives nil where the file is of other features than the code, which a test
// rules out for what is released: so a trainer can be built before the file that it makes.
var shippedTagger = sync.OnceValue(func() *Tagger {
	t, err := DecodeTagger(taggerFile)
	if err != nil {
		return nil
	}
	return t
})

// ShippedLexicon is the lexicon of the binary's tagger, for measures that train the rest anew; nil where there is none.
func ShippedLexicon() *Lexicon {
	if t := shippedTagger(); t != nil {
		return t.lex
	}
	return nil
}

// Inputs is the checksum of what the tagger was trained from.
func (t *Tagger) Inputs() [32]byte { return t.inputs }

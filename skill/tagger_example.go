package skill

import (
	"github.com/gapwise/gapwise/internal/crf"
	"github.com/gapwise/gapwise/resume"
)

// TaggerExample turns a text with its gold spans, half-open in code points, into an example for training. A span that does not begin and end
// with tokens is left out.
func (f *Finder) TaggerExample(text string, gold [][2]int, lex *Lexicon, domain uint32) crf.Example {
	doc := &resume.Document{Text: text}
	t := newTextView([]rune(text))
	x := &tagText{}
	x.tokenise(t.runes)
	x.read(f, f.judgeAll(t, doc, f.candidates(t)), lex, newWordHashes(), domain)
	starts, ends := map[int]int{}, map[int]int{}
	for i := range x.tokens {
		starts[x.tokens[i].start] = i
		ends[x.tokens[i].end] = i + 1
	}
	var spans [][2]int
	for _, g := range gold {
		s, begins := starts[g[0]]
		e, closes := ends[g[1]]
		if begins && closes {
			spans = append(spans, [2]int{s, e})
		}
	}
	return crf.Example{Features: x.features, Lexical: x.lexical, Tags: crf.TagsOf(spans, len(x.tokens))}
}

// read makes tokens ready for the tagger. found are the catalogue's names among them, in order.
func (x *tagText) read(f *Finder, found []judged, lex *Lexicon, hashes wordHashes, domain uint32) {
	x.look(lex)
	x.name(f, found)
	x.emit(hashes, domain)
}

package tagtrain

import (
	"math/bits"
	"strings"
	"unicode"

	"github.com/gapwise/gapwise/skill"
)

// corpus gathers what the lexicon is made of. No labelled sentence is in it, nor phrase that was cut out of one, so that a cross-validation that uses the
// lexicon stays honest.
type corpus struct {
	phrases map[uint32]int // to the sources of skill's Phrase bits
	lists   map[uint32]int // in how many lists of skills a phrase is
	texts   [][]string     // words in order
}

// Lexicon builds the tagger's lexicon from a data directory.
func Lexicon(dir string) (*skill.Lexicon, error) {
	c := &corpus{phrases: map[uint32]int{}, lists: map[uint32]int{}}
	for _, read := range []func(string) error{c.esco, c.occupations, c.onet, c.topics, c.skillLists, c.postings} {
		if err := read(dir); err != nil {
			return nil, err
		}
	}
	phrases := map[uint32]uint32{}
	for k, sources := range c.phrases {
		phrases[k] = skill.PhraseOf(sources, bits.Len(uint(c.lists[k])))
	}
	for k, n := range c.lists {
		if n >= minLists || phrases[k] != 0 {
			phrases[k] = skill.PhraseOf(c.phrases[k], bits.Len(uint(n))-1)
		}
	}
	capitals := c.capitals()
	words := map[uint32]uint32{}
	v := newVocabulary(c.texts)
	numbers := v.clusters(c.texts)
	for i, w := range v.words { // the most frequent of those with one key, such as a plural, speaks for all
		if k := skill.KeyOf(w); words[k] == 0 {
			words[k] = skill.WordOf(numbers[i], capitals[k])
		}
	}
	return skill.NewLexicon(phrases, words), nil
}

// minLists is in how many lists a phrase must be that no other source has; one list alone is often one person's slip.
const minLists = 2

// maxWords is the longest phrase that is kept.
const maxWords = 6

func (c *corpus) phrase(text string, source int) {
	if n := len(strings.Fields(text)); n > 0 && n <= maxWords {
		c.phrases[skill.KeyOf(text)] |= source
	}
}

// wordsOf cuts a text as the tagger does, without the punctuation around words.
func wordsOf(text string) []string {
	var out []string
	for w := range strings.FieldsSeq(text) {
		w = strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+' && r != '#' })
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

func (c *corpus) text(s string) {
	if w := wordsOf(s); len(w) > 1 {
		c.texts = append(c.texts, w)
	}
}

func (c *corpus) esco(dir string) error {
	all, err := rows[struct {
		Label string   `json:"label"`
		Alts  []string `json:"alts"`
		Type  string   `json:"type"`
		Desc  string   `json:"desc"`
	}](dir, escoFile)
	for _, s := range all {
		source := skill.PhraseSkill
		if s.Type == "knowledge" {
			source = skill.PhraseKnowledge
		}
		for _, name := range append(s.Alts, s.Label) {
			name, _, _ = strings.Cut(name, " (")
			c.phrase(name, source)
			c.text(name)
		}
		c.text(s.Desc)
	}
	return err
}

func (c *corpus) occupations(dir string) error {
	all, err := rows[struct {
		Alts []string `json:"alts"`
	}](dir, trainedFile)
	for _, o := range all {
		for _, name := range o.Alts {
			c.text(name)
		}
	}
	return err
}

func (c *corpus) onet(dir string) error {
	all, err := rows[struct {
		Tech [][3]string `json:"tech"`
	}](dir, onetFile)
	for _, o := range all {
		var line []string
		for _, t := range o.Tech {
			c.phrase(t[0], skill.PhraseProduct)
			c.phrase(t[1], skill.PhraseProduct)
			line = append(line, wordsOf(t[0])...)
		}
		c.texts = append(c.texts, line)
	}
	return err
}

func (c *corpus) topics(dir string) error {
	all, err := rows[struct {
		Topic string `json:"topic"`
		Name  string `json:"name"`
		Desc  string `json:"desc"`
	}](dir, topicsFile)
	for _, t := range all {
		c.phrase(t.Topic, skill.PhraseTopic)
		c.phrase(t.Name, skill.PhraseTopic)
		c.text(t.Desc)
	}
	return err
}

func (c *corpus) skillLists(dir string) error {
	all, err := lists(dir, listsFile)
	for _, list := range all {
		var line []string
		seen := map[uint32]bool{}
		for _, p := range list[min(1, len(list)):] { // the first of each is the job's title
			line = append(line, wordsOf(p)...)
			k := skill.KeyOf(p)
			if n := len(strings.Fields(p)); n > 0 && n <= maxWords && !seen[k] {
				seen[k] = true
				c.lists[k]++
			}
		}
		c.texts = append(c.texts, line)
	}
	return err
}

// postings adds the sentences of postings that were not cut out of SkillSpan.
func (c *corpus) postings(dir string) error {
	all, err := rows[struct {
		Set  string `json:"set"`
		Text string `json:"text"`
	}](dir, linksFile)
	for _, s := range all {
		if !strings.HasPrefix(s.Set, "tech") && !strings.HasPrefix(s.Set, "house") {
			c.text(s.Text)
		}
	}
	return err
}

// capitals tells of each word how often it is written with a capital where no sentence begins: 1 is never, 7 is always.
func (c *corpus) capitals() map[uint32]int {
	type count struct{ all, upper int }
	counts := map[uint32]count{}
	for _, t := range c.texts {
		for _, w := range t[min(1, len(t)):] {
			k := skill.KeyOf(w)
			n := counts[k]
			n.all++
			if strings.ToLower(w) != w {
				n.upper++
			}
			counts[k] = n
		}
	}
	out := map[uint32]int{}
	for k, n := range counts {
		out[k] = 1 + n.upper*6/n.all
	}
	return out
}

package filetext

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gapwise/gapwise/internal/pagetext"
)

// glyph is one character as an engine gives it, in the order of the content stream. Its box is in the page's own space: points, y up.
// A newline in text ends a line; a space has no extent that means anything.
type glyph struct {
	text                     string
	left, bottom, right, top float64
	angle                    float64 // radians
}

// word is a run of glyphs without a space.
type word struct {
	text                     string
	letters                  int
	left, bottom, right, top float64
	gap                      float64 // from the word before on the line, in points
}

// Figures of the layout, all in heights of the line's tallest ink, which is about 0.7 of the font size in Latin text.
const (
	wideGap   = 2.2 // parts cells: far more than a justified line stretches its spaces
	apartGap  = 1.1 // white between two lines that makes a paragraph; single to one-and-a-half spacing leaves 0.3 to 0.8
	backJump  = 6.0 // leftwards, in left-to-right text: a new line that the engine did not mark
	turnAngle = 0.3 // radians
)

const softHyphen = "\u00ad"

// ligatures of the T1 encoding of TeX, which fonts without a map to Unicode show through: "work\x1dow".
var ligatures = map[rune]string{0x1B: "ff", 0x1C: "fi", 0x1D: "fl", 0x1E: "ffi", 0x1F: "ffl"}

// layouter groups glyphs to lines. It never reorders, so columns stay as the file wrote them.
type layouter struct {
	toPage func(x, y float64) (float64, float64)
	lines  []pagetext.Line
	words  []word
	cur    word
	last   glyph     // the glyph put last on the line
	accent *glyph    // an accent that waits for its letter
	glyphs []glyph   // of the word
	gaps   []float64 // between the glyphs of words of the line
	angle  float64
	broken bool // a word is being carried over from the line above: the line ends with it
	tail   bool // the glyphs of the carried half do not count for the line's box
}

// layOut makes lines of the glyphs of one page. toPage maps the page's own space to points from its top left.
func layOut(glyphs []glyph, toPage func(x, y float64) (float64, float64)) []pagetext.Line {
	l := &layouter{toPage: toPage}
	for i := range glyphs {
		l.add(&glyphs[i], glyphs[i+1:])
	}
	l.endLine()
	return pagetext.Carry(l.lines)
}

func (l *layouter) add(g *glyph, rest []glyph) {
	r, _ := utf8.DecodeRuneInString(g.text)
	switch {
	case g.text == "" || r == '\r':
		return
	case r == '\n':
		l.endLine()
		return
	case r == 0x02 || r == 0xFFFE:
		// PDFium's mark for a hyphen that ends a line, after which it goes on without a line break. A font with a broken encoding can
		// have the same code for a glyph of its own, so the next glyph has to stand on another line.
		if l.cur.text != "" && len(rest) > 0 && movesDown(g, &rest[0]) {
			l.cur.text += string(pagetext.Break)
			l.broken, l.tail = true, true
		}
		return
	case g.text == softHyphen:
		// Some typesetters write every hyphen and dash as a soft one. It is drawn, so it is there.
		l.put(&glyph{text: "-", left: g.left, bottom: g.bottom, right: g.right, top: g.top, angle: g.angle})
		return
	case unicode.IsSpace(r):
		l.endWord()
		if l.broken {
			l.endLine()
		}
		return
	}
	if !l.broken && accents[r] == 0 && l.jumps(g) {
		l.endLine()
	}
	l.putAccented(g, accents[r])
}

func movesDown(g, next *glyph) bool {
	h := math.Max(next.top-next.bottom, 2)
	return math.Abs(next.bottom-g.bottom) > 0.8*h || math.Abs(next.angle-g.angle) > turnAngle
}

// jumps is true where the glyph cannot stand on the line that is being built although no line break was given.
func (l *layouter) jumps(g *glyph) bool {
	var last *word
	switch {
	case l.cur.text != "":
		last = &l.cur
	case len(l.words) > 0:
		last = &l.words[len(l.words)-1]
	default:
		return false
	}
	if math.Abs(g.angle-l.angle) > turnAngle {
		return true
	}
	if math.Abs(l.angle) > turnAngle {
		return false // turned text runs along y: the engine's own line breaks have to do
	}
	h := math.Max(last.top-last.bottom, g.top-g.bottom)
	if g.bottom > last.top+0.3*h || g.top < last.bottom-0.3*h {
		return true
	}
	r, _ := utf8.DecodeRuneInString(g.text)
	return g.right < last.left-backJump*math.Max(h, 4) && !unicode.In(r, unicode.Hebrew, unicode.Arabic)
}

func (l *layouter) put(g *glyph) {
	if l.cur.text != "" {
		l.gaps = append(l.gaps, g.left-l.last.right)
	}
	if l.cur.text == "" {
		l.angle = g.angle
		l.cur = word{left: g.left, bottom: g.bottom, right: g.right, top: g.top}
		if len(l.words) > 0 {
			l.cur.gap = g.left - l.last.right
		}
	}
	l.last = *g
	l.glyphs = append(l.glyphs, *g)
	text := g.text
	if r, size := utf8.DecodeRuneInString(text); size == len(text) && ligatures[r] != "" {
		text = ligatures[r]
	}
	l.cur.text += text
	l.cur.letters++
	if !l.tail {
		l.cur.left, l.cur.right = math.Min(l.cur.left, g.left), math.Max(l.cur.right, g.right)
		l.cur.bottom, l.cur.top = math.Min(l.cur.bottom, g.bottom), math.Max(l.cur.top, g.top)
	}
}

func (l *layouter) endWord() {
	if waiting := l.accent; waiting != nil {
		l.accent = nil
		l.put(waiting)
	}
	if l.cur.text != "" {
		if !l.broken {
			l.cur.text = turned(l.cur.text, l.glyphs)
		}
		l.words = append(l.words, l.cur)
	}
	l.cur, l.glyphs = word{}, l.glyphs[:0]
}

func (l *layouter) endLine() {
	l.endWord()
	words, gaps := l.words, l.gaps
	l.words, l.gaps, l.broken, l.tail, l.accent = l.words[:0], l.gaps[:0], false, false, nil
	if len(words) == 0 {
		return
	}
	box := words[0]
	for _, w := range words[1:] {
		box.left, box.right = math.Min(box.left, w.left), math.Max(box.right, w.right)
		box.bottom, box.top = math.Min(box.bottom, w.bottom), math.Max(box.top, w.top)
	}
	height := math.Max(box.top-box.bottom, 3)
	cells := cellsOf(untrack(words, gaps, height), height)
	if len(cells) == 0 {
		return
	}
	x0, y0 := l.toPage(box.left, box.top)
	x1, y1 := l.toPage(box.right, box.bottom)
	line := pagetext.Line{Cells: cells, Box: [4]float64{
		cents(math.Min(x0, x1)), cents(math.Min(y0, y1)), cents(math.Max(x0, x1)), cents(math.Max(y0, y1)),
	}}
	if n := len(l.lines); n > 0 {
		if continues(&l.lines[n-1], &line) {
			extend(&l.lines[n-1], &line)
			return
		}
		line.Apart = apart(&l.lines[n-1], &line)
	}
	l.lines = append(l.lines, line)
}

// continues is true where next is the rest of prev: a raised or lowered part of a line, which the engine takes for another line.
func continues(prev, next *pagetext.Line) bool {
	low := math.Min(prev.Height(), next.Height())
	overlap := math.Min(prev.Box[3], next.Box[3]) - math.Max(prev.Box[1], next.Box[1])
	gap := next.Box[0] - prev.Box[2]
	return overlap > 0.4*low && gap > -0.2*low && gap < low
}

func extend(prev, next *pagetext.Line) {
	last := len(prev.Cells) - 1
	if next.Box[0]-prev.Box[2] > 0.25*next.Height() {
		prev.Cells[last] += " "
	}
	prev.Cells[last] += next.Cells[0]
	prev.Cells = append(prev.Cells, next.Cells[1:]...)
	prev.Box = [4]float64{
		math.Min(prev.Box[0], next.Box[0]), math.Min(prev.Box[1], next.Box[1]),
		math.Max(prev.Box[2], next.Box[2]), math.Max(prev.Box[3], next.Box[3]),
	}
}

// apart is true where next does not follow on prev: clear white between them, or a move up to another column.
func apart(prev, next *pagetext.Line) bool {
	h := math.Max(math.Min(prev.Height(), next.Height()), 4)
	white := next.Box[1] - prev.Box[3]
	return white > apartGap*h || next.Box[3] < prev.Box[1]-0.5*h
}

// cents rounds to hundredths of a point, and makes what is no number zero: a page may say anything.
func cents(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) || math.Abs(v) > 1e9 {
		return 0
	}
	return math.Round(v*100) / 100
}

// cellsOf joins words to cells at wide gaps. A run of single letters is a letter-spaced heading and becomes words again.
func cellsOf(words []word, height float64) []string {
	var cells []string
	var cell strings.Builder
	flush := func() {
		if s := pagetext.Clean(cell.String()); s != "" {
			cells = append(cells, s)
		}
		cell.Reset()
	}
	for i := 0; i < len(words); {
		run := spacedRun(words[i:])
		if run > 1 {
			if i > 0 {
				cell.WriteByte(' ')
			}
			cell.WriteString(unspace(words[i : i+run]))
			i += run
			continue
		}
		if i > 0 {
			if words[i].gap > wideGap*height {
				flush()
			} else {
				cell.WriteByte(' ')
			}
		}
		cell.WriteString(words[i].text)
		i++
	}
	flush()
	return cells
}

package web

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"github.com/gapwise/gapwise/gapanalysis"
)

// The page: A4, in millimetres.
const (
	pageWidth  = 210.0
	marginSide = 16.0
	marginTop  = 16.0
	bottom     = 276.0 // below it is the foot
	gutter     = 2.5   // between columns
	lineShare  = 1.28  // height of a line by the size of its type
	perPoint   = 25.4 / 72
)

// Sizes of type, in points.
const (
	sizeTitle   = 18.0
	sizeHeading = 12.5
	sizeBody    = 10.0
	sizeSmall   = 8.5
)

const typeface = "go"

// lacking stands for a character that the typeface lacks.
const lacking = '□'

// goFont tells which characters the typeface has.
var goFont = sync.OnceValues(func() (*sfnt.Font, error) { return sfnt.Parse(goregular.TTF) })

// paper lays text out on pages, from the top down.
type paper struct {
	pdf  *fpdf.Fpdf
	font *sfnt.Font
	buf  sfnt.Buffer
	y    float64
	// head is drawn anew at the top of a page on which a table goes on; nil outside of tables.
	head func()
}

// reportPDF is a report on paper. Equal reports give equal bytes: the only date in the file is the day that the report counts from, and
// nothing in it is drawn by chance. It is laid out twice, since the foot of the first page says how many there are.
func reportPDF(g given) ([]byte, error) {
	draft, err := layOut(g, 0)
	if err != nil {
		return nil, err
	}
	final, err := layOut(g, draft.pdf.PageCount())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := final.pdf.Output(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func layOut(g given, pages int) (*paper, error) {
	font, err := goFont()
	if err != nil {
		return nil, err
	}
	p := &paper{pdf: fpdf.New("P", "mm", "A4", ""), font: font}
	d := g.AsOf.UTC().Truncate(24 * time.Hour)
	p.pdf.SetCreationDate(d)
	p.pdf.SetModificationDate(d)
	p.pdf.SetCatalogSort(true)
	p.pdf.SetAutoPageBreak(false, 0)
	p.pdf.SetLang("en")
	p.pdf.SetTitle(p.known("Gap report: "+g.Title), true)
	p.pdf.SetCreator("Gapwise", true)
	p.pdf.SetProducer("Gapwise", true)
	p.pdf.AddUTF8FontFromBytes(typeface, "", goregular.TTF)
	p.pdf.AddUTF8FontFromBytes(typeface, "B", gobold.TTF)
	p.pdf.SetDrawColor(200, 206, 212)
	p.pdf.SetFooterFunc(func() { p.foot(g, pages) })
	p.page()
	p.summary(g)
	p.skills(g)
	p.rest(g)
	return p, p.pdf.Error()
}

// known is a text in one line, of characters that the typeface has; each of the rest, that would take room, is a box.
func (p *paper) known(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) {
			return -1
		}
		if i, err := p.font.GlyphIndex(&p.buf, r); err != nil || i == 0 || r > 0xffff {
			return lacking
		}
		return r
	}, oneLine(s))
}

func (p *paper) page() {
	p.pdf.AddPage()
	p.y = marginTop
	if p.head != nil {
		p.head()
	}
}

// room begins a new page where less than so much is left on this one.
func (p *paper) room(height float64) {
	if p.y+height > bottom && p.y > marginTop {
		p.page()
	}
}

func height(size float64) float64 { return size * perPoint * lineShare }

// set chooses the type. Style is "" or "B".
func (p *paper) set(style string, size float64) { p.pdf.SetFont(typeface, style, size) }

// wrap cuts a text into lines of a width, between words, and inside of one that is longer than a line. The type has to be set.
func (p *paper) wrap(text string, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(p.known(text)) {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if p.pdf.GetStringWidth(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line = ""
		for _, r := range word {
			if line != "" && p.pdf.GetStringWidth(line+string(r)) > width {
				lines, line = append(lines, line), ""
			}
			line += string(r)
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// text writes a paragraph over the whole width, from an indent on.
func (p *paper) text(style string, size, indent float64, s string) {
	p.set(style, size)
	for _, line := range p.wrap(s, pageWidth-2*marginSide-indent) {
		p.room(height(size))
		p.set(style, size) // the head of a new page has its own
		p.y += height(size)
		p.pdf.Text(marginSide+indent, p.y-height(size)*0.25, line)
	}
}

// heading begins a part, with room below for what it is the heading of.
func (p *paper) heading(s string) {
	p.y += 4
	p.room(height(sizeHeading) + 3*height(sizeBody))
	p.text("B", sizeHeading, 0, s)
	p.y++
}

// item writes one entry of a list.
func (p *paper) item(mark, s string) {
	p.room(height(sizeBody))
	p.set("", sizeBody)
	top := p.y
	page := p.pdf.PageNo()
	p.text("", sizeBody, 6, s)
	if p.pdf.PageNo() == page {
		p.pdf.Text(marginSide, top+height(sizeBody)*0.75, mark)
	}
	p.y += 0.8
}

// summary is what the report comes to.
func (p *paper) summary(g given) {
	r := g.Report
	p.text("B", sizeTitle, 0, "Gap report: "+g.Title)
	p.y += 2
	p.text("B", sizeHeading, 0, fmt.Sprintf("Readiness %s of 100: %s, give or take %s points", thousandths(r.Readiness), r.Band, thousandths(r.Uncertainty)))
	p.y++
	p.text("", sizeBody, 0, fmt.Sprintf("Study that is left: %s. Ready on %s, at %s a week from %s.", hoursWords(r.Hours), day(r.ReadyOn),
		plural(g.Pace, "hour", "hours"), day(g.AsOf.Format(time.DateOnly))))
	if len(r.Assumed) > 0 {
		p.text("", sizeBody, 0, "What-if: this takes for granted "+strings.Join(g.AssumedList(), ", ")+". It is not kept.")
	}
	if len(r.Actions) > 0 {
		p.heading("What moves readiness most")
		for i, a := range r.Actions {
			p.item(fmt.Sprintf("%d.", i+1), fmt.Sprintf("%s (%s points)", a.Text, signed(a.Gain)))
		}
	}
}

// columns of the table of skills: their heads and widths, which with the gutters make the width of the page.
var columns = [...]struct {
	head  string
	width float64
}{{"Skill", 36}, {"Level", 15}, {"Points", 19}, {"Hours", 24}, {"Why, and the words of the resume", 74}}

// skills is the table, by status.
func (p *paper) skills(g given) {
	p.heading("Skills")
	p.text("", sizeSmall, 0, "Level is what the resume shows of what is asked. Points are those of the most that a skill can give; they add up to the readiness.")
	p.y++
	for _, status := range statuses {
		rows := g.rows(status)
		if len(rows) == 0 {
			continue
		}
		title := fmt.Sprintf("%s (%d)", statusWords(status), len(rows))
		p.room(2*height(sizeBody) + 4*height(sizeSmall))
		p.text("B", sizeBody, 0, title)
		p.tableHead()
		p.head = func() {
			p.text("B", sizeBody, 0, title+", continued")
			p.tableHead()
		}
		for _, k := range rows {
			p.row(g, k)
		}
		p.head = nil
		p.y += 3
	}
}

func (p *paper) tableHead() {
	p.set("B", sizeSmall)
	x := marginSide
	p.y += height(sizeSmall) + 0.8
	for _, c := range columns {
		p.pdf.Text(x, p.y-height(sizeSmall)*0.25, c.head)
		x += c.width + gutter
	}
	p.rule()
}

func (p *paper) rule() {
	p.y += 0.8
	p.pdf.Line(marginSide, p.y, pageWidth-marginSide, p.y)
	p.y += 0.8
}

// longRow is the height from which on a row may be parted by the end of a page, in millimetres.
const longRow = 80.0

// row writes one skill.
func (p *paper) row(g given, k gapanalysis.SkillGap) {
	p.set("", sizeSmall)
	why := g.whyWords(k)
	if words := evidenceWords(k); len(words) > 0 {
		why += " Words of the resume: “" + strings.Join(words, "”, “") + "”."
	}
	var cells [len(columns)][]string
	most := 0
	for i, s := range [...]string{
		nameWords(k), fmt.Sprintf("%d of %d", k.Evidenced, k.Required), thousandths(k.Points) + " of " + thousandths(k.Weight), hoursWords(k.Hours), why,
	} {
		cells[i] = p.wrap(s, columns[i].width)
		most = max(most, len(cells[i]))
	}
	p.room(min(float64(most)*height(sizeSmall)+2, longRow))
	for line := range most {
		p.room(height(sizeSmall))
		p.set("", sizeSmall)
		p.y += height(sizeSmall)
		x := marginSide
		for i, c := range cells {
			if line < len(c) {
				p.pdf.Text(x, p.y-height(sizeSmall)*0.25, c[line])
			}
			x += columns[i].width + gutter
		}
	}
	p.rule()
}

// rest is what comes after the table.
func (p *paper) rest(g given) {
	if len(g.Report.Next) > 0 {
		p.heading("What to do first")
		for i, n := range g.Report.Next {
			p.item(fmt.Sprintf("%d.", i+1), g.nextWords(n))
		}
	}
	if len(g.Report.Extra) > 0 {
		p.heading("Skills beyond what is asked for")
		for _, x := range g.Report.Extra {
			p.item("–", g.extraWords(x))
		}
	}
	p.y += 3
	p.text("", sizeSmall, 0, "Hours are an editorial estimate with its quartiles, not a measurement. Resume "+g.Report.ResumeID+".")
}

// foot says on each page what the report was made by, and which page it is.
func (p *paper) foot(g given, pages int) {
	p.set("", sizeSmall-1)
	y := bottom + 6
	p.pdf.Line(marginSide, bottom+2, pageWidth-marginSide, bottom+2)
	for _, line := range p.wrap(g.versionWords(), pageWidth-2*marginSide-24) {
		p.pdf.Text(marginSide, y, line)
		y += height(sizeSmall - 1)
	}
	number := fmt.Sprintf("Page %d of %d", p.pdf.PageNo(), pages)
	p.pdf.Text(pageWidth-marginSide-p.pdf.GetStringWidth(number), bottom+6, number)
}

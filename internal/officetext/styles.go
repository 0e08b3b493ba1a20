package officetext

import (
	"encoding/xml"
	"regexp"
	"strconv"
	"strings"
)

// style is what of a paragraph style matters here.
type style struct {
	basedOn string
	level   int // of a heading; bodyText where the style says that it is none, 0 where it says nothing
	list    bool
	plain   bool // it takes an inherited list off
	hidden  bool
}

// bodyText is the level of a paragraph that is no heading whatever its style is based on.
const bodyText = -1

// maxLevel is the deepest heading that is told.
const maxLevel = 6

// headingStyle matches the names of the built-in heading styles in the languages that programs write them in.
var headingStyle = regexp.MustCompile(`(?i)^(?:heading|überschrift|titre|título|titulo|titolo|kop|ttulo|tytuł|nagłówek|rubrik|overskrift|otsikko|nadpis|` +
	`заголовок|título de sección|標題|标题|見出し|제목|başlık|intestazione|cabeçalho|encabezado|heading\s+text)\s*([1-9])$`)

// readStyles reads the styles of a document. Without them every paragraph is plain.
func (d *docx) readStyles(rels map[string]relation) error {
	for _, r := range rels {
		if r.kind != "styles" || !d.zip.Has(r.target) {
			continue
		}
		data, err := d.zip.Read(r.target)
		if err != nil {
			return err
		}
		var current *style
		return newScanner(data, d.m).each(func(e xml.StartElement) { d.styleElement(e, &current) })
	}
	return nil
}

func (d *docx) styleElement(e xml.StartElement, current **style) {
	s := *current
	switch e.Name.Local {
	case "style":
		s = &style{}
		*current = s
		if kind := attr(e, "type"); kind == "paragraph" || kind == "" {
			d.styles[attr(e, "styleId")] = s
		} else {
			d.styles[kind+"/"+attr(e, "styleId")] = s
		}
		return
	case "docDefaults", "latentStyles":
		*current = nil
		return
	}
	if s == nil {
		return
	}
	switch e.Name.Local {
	case "name":
		if m := headingStyle.FindStringSubmatch(attr(e, "val")); m != nil && s.level == 0 {
			s.level = outline(m[1], 0)
		}
	case "basedOn":
		s.basedOn = attr(e, "val")
	case "outlineLvl":
		s.level = outline(attr(e, "val"), 1)
	case "numId":
		s.list = attr(e, "val") != "0"
		s.plain = !s.list
	case "vanish":
		s.hidden = on(e)
	}
}

// outline is a heading's level of a number in the file; add is 1 where the file counts from 0.
func outline(value string, add int) int {
	n, err := strconv.Atoi(value)
	switch {
	case err != nil || n < 0 || n+add > 9:
		return bodyText
	case n+add > maxLevel:
		return maxLevel
	}
	return n + add
}

// maxBased bounds a chain of styles, which a hostile file may close to a ring.
const maxBased = 20

// of settles a style along the chain that it is based on.
func (d *docx) of(id string) style {
	var out style
	settled := false
	for range maxBased {
		s, ok := d.styles[id]
		if !ok {
			break
		}
		if out.level == 0 {
			out.level = s.level
		}
		if !settled && (s.list || s.plain) {
			out.list, settled = s.list, true
		}
		out.hidden = out.hidden || s.hidden
		if id = s.basedOn; id == "" {
			break
		}
	}
	return out
}

// listStyle is true for built-in list styles, whose numbering some programs leave out.
func listStyle(id string) bool {
	id = strings.ToLower(id)
	return strings.HasPrefix(id, "listbullet") || strings.HasPrefix(id, "aufzhlungszeichen")
}

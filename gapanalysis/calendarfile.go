package gapanalysis

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// maxICalLine is the length in bytes from which RFC 5545 (3.1) asks a line to be folded.
const maxICalLine = 75

// sequenceEpoch is where the count of revisions starts.
var sequenceEpoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

// icalWriter writes content lines, folded.
type icalWriter struct{ strings.Builder }

func (w *icalWriter) line(format string, args ...any) {
	s := fmt.Sprintf(format, args...)
	for most := maxICalLine; len(s) > most; most = maxICalLine - 1 { // the space that begins a folded line counts
		cut := most
		for !utf8.RuneStart(s[cut]) { // not inside a character
			cut--
		}
		w.WriteString(s[:cut] + "\r\n ")
		s = s[cut:]
	}
	w.WriteString(s + "\r\n")
}

// ICalendar writes a plan as an iCalendar file (RFC 5545, with NAME and REFRESH-INTERVAL of RFC 7986), one event of whole days for each phase
// with work left. modified is when what it says last changed. UIDs are made of ids alone, so that a plan that is laid out anew moves the events
// that are there, and SEQUENCE counts minutes, so that of two revisions the later one has the higher number wherever they were made.
func (p *Plan) ICalendar(roleName string, modified time.Time) string {
	var w icalWriter
	modified = modified.UTC()
	stamp := modified.Format("20060102T150405Z")
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Gapwise//Plan//EN")
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:PUBLISH")
	w.line("NAME:%s", icalText(roleName))
	w.line("X-WR-CALNAME:%s", icalText(roleName)) // what NAME was called before it was standardised, and what most programs read
	w.line("REFRESH-INTERVAL;VALUE=DURATION:PT12H")
	for _, ph := range p.Phases {
		if ph.Start == ph.End {
			continue // nothing left to do in it
		}
		w.line("BEGIN:VEVENT")
		w.line("UID:%s", icalText(p.ResumeID+"-"+p.Role+"-"+ph.ID+"@gapwise"))
		w.line("DTSTAMP:%s", stamp)
		w.line("LAST-MODIFIED:%s", stamp)
		w.line("SEQUENCE:%d", max(0, int64(modified.Sub(sequenceEpoch)/time.Minute)))
		w.line("DTSTART;VALUE=DATE:%s", strings.ReplaceAll(ph.Start, "-", ""))
		w.line("DTEND;VALUE=DATE:%s", strings.ReplaceAll(ph.End, "-", ""))
		w.line("SUMMARY:%s", icalText(roleName+": "+ph.Name))
		w.line("DESCRIPTION:%s", icalText(ph.described()))
		w.line("TRANSP:TRANSPARENT") // the days are not taken
		w.line("END:VEVENT")
	}
	w.line("END:VCALENDAR")
	return w.String()
}

// described says in a calendar what a phase is about.
func (ph *PlanPhase) described() string {
	s := fmt.Sprintf("%s About %d hours", ph.Outcome, ph.Hours.P50)
	if win := ph.EndWindow; win.P25 != win.P75 {
		s += fmt.Sprintf(", done between %s and %s", win.P25, win.P75)
	}
	left := []string{}
	for _, m := range ph.MilestoneDetails {
		if m.Status != MilestoneDone {
			left = append(left, m.Name)
		}
	}
	if len(left) > 0 {
		s += ". Milestones: " + strings.Join(left, "; ")
	}
	return s
}

func icalText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f { // RFC 5545 allows no control character in a text
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`).Replace(s)
}

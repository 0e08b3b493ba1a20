package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// pdftotext is the path of the program.
type pdftotext string

func findTool() (pdftotext, error) {
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		return "", errors.New("pdftotext is missing, whose text ours is measured against. Debian and Ubuntu: apt-get install poppler-utils; macOS: brew install poppler")
	}
	return pdftotext(path), nil
}

// text is what `pdftotext FILE -` prints, and how long it takes. A file that it cannot open has none.
func (p pdftotext) text(ctx context.Context, path string) (text string, took time.Duration, err error) {
	start := time.Now()
	out, err := exec.CommandContext(ctx, string(p), path, "-").Output() //nolint:gosec // G204: the tool, and a file of the directory that was named
	took = time.Since(start)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && ctx.Err() == nil && exit.ExitCode() > 0 {
		return "", took, nil
	}
	return string(out), took, err
}

// box is where something is on a page, in points from the top left.
type box struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
}

// boxLine is a line of a block.
type boxLine struct {
	box
	Words []struct {
		box
		Text string `xml:",chardata"`
	} `xml:"word"`
}

// boxPage is a page of `pdftotext -bbox-layout`.
type boxPage struct {
	Width  float64   `xml:"width,attr"`
	Height float64   `xml:"height,attr"`
	Lines  []boxLine `xml:"flow>block>line"`
}

// layout is what `pdftotext -bbox-layout FILE -` prints.
func (p pdftotext) layout(ctx context.Context, path string) ([]boxPage, error) {
	out, err := exec.CommandContext(ctx, string(p), "-bbox-layout", path, "-").Output() //nolint:gosec // G204: as above
	if err != nil {
		return nil, fmt.Errorf("pdftotext -bbox-layout: %w", err)
	}
	// It writes control characters of badly encoded fonts as they are, which XML forbids.
	out = bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return ' '
		}
		return r
	}, out)
	dec := xml.NewDecoder(bytes.NewReader(out))
	dec.Strict = false
	dec.Entity = xml.HTMLEntity
	var pages []boxPage
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return pages, nil
		}
		if err != nil {
			return nil, fmt.Errorf("what pdftotext -bbox-layout prints: %w", err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "page" {
			var page boxPage
			if err := dec.DecodeElement(&page, &start); err != nil {
				return nil, fmt.Errorf("what pdftotext -bbox-layout prints: %w", err)
			}
			pages = append(pages, page)
		}
	}
}

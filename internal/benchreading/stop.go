package main

import "github.com/gapwise/gapwise/internal/filetext"

// stop ends an extractor's children.
func stop(*filetext.Extractor) {}

package main

import (
	"context"
	"errors"
)

func evalsVerb(context.Context, *command) error { return errors.New("being wired") }

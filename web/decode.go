package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
)

// decode reads a JSON body into v strictly: one document, no unknown field, no more than maxJSONBody. Errors name the field.
func decode(c *gin.Context, v any) error {
	dec := json.NewDecoder(http.MaxBytesReader(c.Writer, c.Request.Body, maxJSONBody))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil {
		if _, extra := dec.Token(); !errors.Is(extra, io.EOF) {
			return fault.New(fault.Invalid, "malformed-json", "The body has something after its JSON document.")
		}
		return nil
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return fault.Newf(fault.TooLarge, "body-too-large", "The body is over %d KB.", maxJSONBody>>10)
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fault.Newf(fault.Invalid, "invalid-field", "This field cannot be a %s.", t.Value).In(t.Field)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		field, unquoteErr := strconv.Unquote(name)
		if unquoteErr != nil {
			field = name
		}
		return fault.New(fault.Invalid, "unknown-field", "There is no such field. /openapi.yaml lists those that there are.").In(field)
	}
	return fault.New(fault.Invalid, "malformed-json", "The body is not a JSON document that this call takes.").Because(err)
}

// queryInt reads a whole number of the query; absent is 0.
func queryInt(c *gin.Context, name string) (int, error) {
	raw := c.Query(name)
	if raw == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(raw)
	if err != nil || n == 0 {
		return 0, fault.Newf(fault.Invalid, "invalid-"+strings.ReplaceAll(name, "_", "-"), "%s is a whole number above 0.", name).In(name)
	}
	return n, nil
}

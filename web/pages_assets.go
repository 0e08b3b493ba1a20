package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/internal/fault"
)

// What `make assets` takes from npm lies in assets/dist. A checkout without Node has no such directory, and pages work without it.
//
//go:embed assets openapi.yaml
var assetFiles embed.FS

// assets are the files that are the same for everybody, by name: "style.css", or "pdfjs/pdf.min.mjs".
type assets struct {
	files       map[string]*asset
	description *asset    // of the API
	zippers     sync.Pool // of *gzip.Writer
	bodies      sync.Pool // of *bytes.Buffer, as pages grow to some 100 KB
}

type asset struct {
	data      []byte
	mediaType string
	version   string        // of its content, so that browsers may keep it for ever
	gzipped   func() []byte // made when it is first asked for; nil where that does not make it smaller
}

// sheet is the one stylesheet, which is put together from assets/css.
const sheet = "style.css"

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]*asset{}}
	var css bytes.Buffer
	err := fs.WalkDir(assetFiles, "assets", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := assetFiles.ReadFile(file)
		if err != nil {
			return err
		}
		if strings.HasPrefix(file, "assets/css/") { // in order of name
			css.Write(data)
			return nil
		}
		name := strings.TrimPrefix(strings.TrimPrefix(file, "assets/"), "dist/")
		a.files[name] = newAsset(name, data)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load assets: %w", err)
	}
	a.files[sheet] = newAsset(sheet, smaller(css.Bytes()))
	data, err := assetFiles.ReadFile("openapi.yaml")
	if err != nil {
		return nil, fmt.Errorf("load assets: %w", err)
	}
	a.description = newAsset("openapi.yaml", data)
	return a, nil
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s*\n\s*`)
)

// smaller takes comments and line ends out of a stylesheet. Our own sheets have neither in a string.
func smaller(css []byte) []byte {
	return cssSpace.ReplaceAll(cssComment.ReplaceAll(css, nil), nil)
}

func newAsset(name string, data []byte) *asset {
	sum := sha256.Sum256(data)
	a := &asset{data: data, version: hex.EncodeToString(sum[:6])}
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs": // not what the system's own table says
		a.mediaType = "text/javascript; charset=utf-8"
	case ".yaml":
		a.mediaType = "application/yaml; charset=utf-8"
	default:
		a.mediaType = mime.TypeByExtension(ext)
	}
	if a.mediaType == "" {
		a.mediaType = "application/octet-stream"
	}
	a.gzipped = sync.OnceValue(func() []byte { return zip(newZipper(gzip.BestCompression), data) })
	return a
}

func (a *assets) has(name string) bool { return a.files[name] != nil }

// address is where an asset is, with its version.
func (a *assets) address(name string) (string, error) {
	f := a.files[name]
	if f == nil {
		return "", fmt.Errorf("there is no asset %s", name)
	}
	return "/assets/" + name + "?v=" + f.version, nil
}

// openAPI serves the description of the API.
func (s *server) openAPI(c *gin.Context) {
	c.Header("Cache-Control", "no-cache")
	writeAsset(c, s.pages.description)
}

// showAsset serves what pages refer to. With the version in its address it may be kept for ever.
func (s *server) showAsset(c *gin.Context) error {
	a := s.pages.files[strings.TrimPrefix(c.Param("name"), "/")]
	if a == nil {
		return fault.New(fault.NotFound, "unknown-path", "There is nothing at this path.")
	}
	if c.Query("v") == a.version {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		c.Header("Cache-Control", "no-cache")
		tag := `"` + a.version + `"`
		c.Header("ETag", tag)
		if c.GetHeader("If-None-Match") == tag {
			c.Status(http.StatusNotModified)
			return nil
		}
	}
	writeAsset(c, a)
	return nil
}

func writeAsset(c *gin.Context, a *asset) {
	c.Writer.Header().Add("Vary", "Accept-Encoding")
	if takesGzip(c) {
		if data := a.gzipped(); data != nil {
			c.Header("Content-Encoding", "gzip")
			c.Data(http.StatusOK, a.mediaType, data)
			return
		}
	}
	c.Data(http.StatusOK, a.mediaType, a.data)
}

// takesGzip tells whether the peer names gzip among what it can unpack.
func takesGzip(c *gin.Context) bool {
	for coding := range strings.SplitSeq(c.GetHeader("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") && strings.ReplaceAll(weight, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// worthZipping is the size from which a body gets smaller by more than its headers are worth.
const worthZipping = 1 << 10

// zip packs data with a writer; it gives nil where that is no smaller.
func zip(w *gzip.Writer, data []byte) []byte {
	if len(data) < worthZipping {
		return nil
	}
	var b bytes.Buffer
	b.Grow(len(data) / 4)
	w.Reset(&b)
	_, err := w.Write(data)
	if err == nil {
		err = w.Close()
	}
	if err != nil || b.Len() >= len(data) {
		return nil
	}
	return b.Bytes()
}

// newZipper makes a writer of a level that exists.
func newZipper(level int) *gzip.Writer {
	w, err := gzip.NewWriterLevel(nil, level)
	if err != nil {
		panic(err) // the levels are constants of the package
	}
	return w
}

// compressed writes a body that was made for this request, packed where the peer takes it. At the fastest level a page of 90 KB takes less
// than a fifth of that, in well under a millisecond; a writer is used again, as making one takes longer than its work.
func (a *assets) compressed(c *gin.Context, status int, mediaType string, body []byte) {
	c.Writer.Header().Add("Vary", "Accept-Encoding")
	if takesGzip(c) {
		w, ok := a.zippers.Get().(*gzip.Writer)
		if !ok {
			w = newZipper(gzip.BestSpeed)
		}
		if data := zip(w, body); data != nil {
			c.Header("Content-Encoding", "gzip")
			body = data
		}
		a.zippers.Put(w)
	}
	c.Data(status, mediaType, body)
}

// body gives an empty buffer, and what puts it back once nobody reads it any more.
func (a *assets) body() (b *bytes.Buffer, release func()) {
	b, ok := a.bodies.Get().(*bytes.Buffer)
	if !ok {
		b = &bytes.Buffer{}
	}
	b.Reset()
	return b, func() { a.bodies.Put(b) }
}

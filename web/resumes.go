package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/gapwise/gapwise/gateway"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// resumeView is a resume as the API tells it: what was read, without the text.
type resumeView struct {
	ID        uuid.UUID         `json:"id"`
	FileName  string            `json:"file_name"`
	Pages     int               `json:"pages"`
	Words     int               `json:"words"`
	Language  string            `json:"language"`
	Sections  []resume.Section  `json:"sections"`
	Positions []resume.Position `json:"positions"`
	// Months are those of all positions, months of several counted once.
	Months         int                    `json:"experience_months"`
	Education      []resume.Education     `json:"education"`
	Certifications []resume.Certification `json:"certifications"`
	Links          []resume.Link          `json:"links"`
	Personal       []resume.Personal      `json:"personal"`
	Skills         []skill.Claim          `json:"skills"`
	Warnings       []resume.Warning       `json:"warnings"`
	CreatedAt      string                 `json:"created_at"`
}

func viewOf(u *skill.Upload) resumeView {
	d := u.Document
	return resumeView{
		ID: u.ID, FileName: u.FileName, Pages: d.Pages, Words: d.Words, Language: d.Language, Sections: listed(d.Sections),
		Positions: listed(d.Positions), Months: resume.Months(d.Positions, u.CreatedAt), Education: listed(d.Education),
		Certifications: listed(d.Certifications), Links: listed(d.Links), Personal: listed(d.Personal), Skills: listed(u.Profile.Claims),
		Warnings: listed(d.Warnings), CreatedAt: u.CreatedAt.UTC().Format("2006-01-02T15:04:05Z"),
	}
}

// listed is a list that JSON tells as one also where it is empty: a resume that was stored by an earlier version lacks some.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// uploadResume reads a file and keeps it, or keeps nothing. A guest is only made once there is something to keep.
func (s *server) uploadResume(c *gin.Context) error {
	u, err := s.receive(c)
	if err != nil {
		return err
	}
	c.Header("Location", "/api/v1/resumes/"+u.ID.String())
	c.JSON(http.StatusCreated, viewOf(u))
	return nil
}

// maxUploads bounds how many uploads are held in memory at a time: with their files they take at most some 400 MB.
const maxUploads = 32

var errBusy = fault.New(fault.Unavailable, "busy", "Too many files are being read at the moment. Try again in a few seconds.").After(5 * time.Second)

// place waits for nobody: it gives one of the places for an upload, or says that there is none.
func (s *server) place() (leave func(), err error) {
	select {
	case s.uploads <- struct{}{}:
		return func() { <-s.uploads }, nil
	default:
		return nil, errBusy
	}
}

// receive reads the uploaded file of a form and keeps it under the caller.
func (s *server) receive(c *gin.Context) (*skill.Upload, error) {
	leave, err := s.place()
	if err != nil {
		return nil, err
	}
	defer leave()
	name, data, err := uploadedFile(c)
	if err != nil {
		return nil, err
	}
	u, err := s.Intake.Read(c.Request.Context(), name, data)
	if err != nil {
		return nil, err
	}
	p, err := s.callerOrGuest(c)
	if err != nil {
		return nil, err
	}
	return u, s.Intake.Keep(gateway.ForPerson(c.Request.Context(), p.ID), p.ID, u)
}

// formOverhead is what a form adds to its file, generously.
const formOverhead = 64 << 10

// maxDrained is how much of a body that is too large is read and dropped, so that a browser, which reads no answer before it has sent all,
// gets to see why.
const maxDrained = 64 << 20

// maxParts bounds how many fields of a form are looked through for the file.
const maxParts = 10

// uploadedFile reads the part named file of a multipart form. It reads the body as it comes and stops at the bound, whatever the length
// that the peer claims.
func uploadedFile(c *gin.Context) (name string, data []byte, err error) {
	kind, params, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return "", nil, fault.New(fault.Unsupported, "not-a-form", "Send the resume as multipart/form-data in a field named file: curl -F file=@resume.pdf.").In("file")
	}
	raw := c.Request.Body
	defer func() {
		if errors.Is(err, fault.TooLarge) {
			_, _ = io.CopyN(io.Discard, raw, maxDrained) // the answer is the same whatever comes
		}
	}()
	c.Request.Body = http.MaxBytesReader(c.Writer, raw, resume.MaxBytes+formOverhead)
	form := multipart.NewReader(c.Request.Body, params["boundary"])
	for range maxParts {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", nil, formError(err)
		}
		if part.FormName() != "file" {
			continue
		}
		data, err = io.ReadAll(io.LimitReader(part, resume.MaxBytes+1))
		if err != nil {
			return "", nil, formError(err)
		}
		if len(data) > resume.MaxBytes {
			return "", nil, errTooLarge
		}
		return part.FileName(), data, nil
	}
	return "", nil, fault.New(fault.Invalid, "missing-file", "The form has no field named file. Choose a file first.").In("file")
}

var errTooLarge = fault.Newf(fault.TooLarge, "too-large", "The file is over %d MB. Export it again without pictures, or as plain text.", resume.MaxBytes>>20).In("file")

func formError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return errTooLarge
	}
	return fault.New(fault.Invalid, "malformed-form", "The form broke off or cannot be read. Send it again.").In("file").Because(err)
}

func (s *server) listResumes(c *gin.Context) error {
	p, err := s.caller(c)
	if err != nil {
		return err
	}
	list, err := s.Intake.Resumes(c.Request.Context(), p.ID)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"resumes": list})
	return nil
}

// resume finds a stored resume of the caller.
func (s *server) resume(c *gin.Context) (*skill.Upload, error) {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return nil, err
	}
	return s.Intake.Resume(c.Request.Context(), person, id)
}

func (s *server) getResume(c *gin.Context) error {
	u, err := s.resume(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewOf(u))
	return nil
}

// rereadResume reads the stored file of the path's resume again. It is one of the uploads that may run at a time: it needs as much.
func (s *server) rereadResume(c *gin.Context) error {
	u, err := s.reread(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewOf(u))
	return nil
}

func (s *server) reread(c *gin.Context) (*skill.Upload, error) {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return nil, err
	}
	leave, err := s.place()
	if err != nil {
		return nil, err
	}
	defer leave()
	return s.Intake.Reread(gateway.ForPerson(c.Request.Context(), person), person, id)
}

func (s *server) getResumeText(c *gin.Context) error {
	u, err := s.resume(c)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, gin.H{"id": u.ID, "text": u.Document.Text, "lines": u.Document.Lines})
	return nil
}

func (s *server) getResumeFile(c *gin.Context) error {
	u, err := s.resume(c)
	if err != nil {
		return err
	}
	// Always a download, never shown in our own origin: the bytes are whatever somebody sent.
	c.Header("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": u.FileName}))
	c.Header("Cache-Control", "private, no-store")
	c.Data(http.StatusOK, u.MediaType, u.File)
	return nil
}

func (s *server) deleteResume(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	if err := s.Intake.Discard(c.Request.Context(), person, id); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) correctSkill(c *gin.Context) error {
	person, id, err := s.callerAnd(c)
	if err != nil {
		return err
	}
	var body struct {
		Level  *int         `json:"level"`
		Status skill.Status `json:"status"`
		Note   string       `json:"note"`
	}
	if err := decode(c, &body); err != nil {
		return err
	}
	claim, err := s.Intake.Correct(c.Request.Context(), person, id, skill.Correction{Skill: c.Param("skill"), Level: body.Level, Status: body.Status, Note: body.Note})
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, claim)
	return nil
}

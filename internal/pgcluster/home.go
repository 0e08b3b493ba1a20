//go:build unix

package pgcluster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/gapwise/gapwise/internal/fault"
)

// socketName is what PostgreSQL calls its socket; the port is only a part of the name here.
const socketName = ".s.PGSQL.5432"

// maxSocketPath is the longest address that every Unix system takes: 104 bytes on macOS and the BSDs, one of them for the end.
const maxSocketPath = 103

// home is where one cluster lies and whom it belongs to.
type home struct {
	base   string // DataDir/postgres, without symbolic links
	id     string // names this cluster in process titles, so that a recycled process id is not taken for its server
	keeper account
	server account
	// switches says that the server runs as another user than this process, which is root.
	switches bool
}

type account struct{ uid, gid int }

func (h *home) data() string    { return filepath.Join(h.base, "data") }
func (h *home) logFile() string { return filepath.Join(h.base, "server.log") }

// openHome makes the data directory and the cluster's place in it.
func openHome(dataDir string) (*home, error) {
	if dataDir == "" {
		return nil, fault.New(fault.Internal, "data-dir-empty", "No data directory was given for the database.")
	}
	dir, err := filepath.Abs(dataDir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err == nil {
		// One directory under two names must be one cluster with one id.
		dir, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return nil, unwritable(dataDir, err)
	}
	sum := sha256.Sum256([]byte(dir))
	h := &home{base: filepath.Join(dir, "postgres"), id: "gapwise-" + hex.EncodeToString(sum[:8])}
	if err := h.findAccounts(dir); err != nil {
		return nil, err
	}
	mode := fs.FileMode(0o700)
	if h.switches && h.keeper.uid == 0 {
		mode = 0o711 // the server walks from its data to the socket through here, and can list or write nothing
	}
	if err := h.makeDir(h.base, mode, h.keeper); err != nil {
		return nil, unwritable(dataDir, err)
	}
	return h, nil
}

// findAccounts decides who keeps the files and as whom the server runs.
func (h *home) findAccounts(dir string) error {
	if uid := os.Geteuid(); uid != 0 {
		h.keeper = account{uid, os.Getegid()}
		h.server = h.keeper
		return nil
	}
	h.switches = true
	var err error
	if h.keeper, err = ownerOf(dir); err != nil {
		return unwritable(dir, err)
	}
	// Data that is there already stays with its owner; a person's directory stays the person's, even under sudo.
	for _, path := range []string{h.data(), dir} {
		if a, err := ownerOf(path); err == nil && a.uid != 0 {
			h.server = a
			return nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			h.server = account{uid, gid}
			return nil
		}
	}
	return fault.New(fault.Unavailable, "postgres-as-root", "PostgreSQL does not run as root, and this system has neither a user"+
		" postgres nor a user nobody. Run gapwise as an ordinary user, or set DATABASE_URL.")
}

func ownerOf(path string) (account, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return account{}, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return account{}, fmt.Errorf("no owner known of %s", path)
	}
	return account{int(st.Uid), int(st.Gid)}, nil
}

// makeDir makes a directory with exactly this mode and owner. One that is there must be a real directory of that owner: what
// someone else put in its place is not used.
func (h *home) makeDir(path string, mode fs.FileMode, owner account) error {
	err := os.Mkdir(path, 0o700)
	switch {
	case err == nil:
		if os.Geteuid() == 0 {
			if err := os.Lchown(path, owner.uid, owner.gid); err != nil {
				return err
			}
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if found, err := ownerOf(path); err != nil || !info.IsDir() || found.uid != owner.uid {
		return fmt.Errorf("%s is not a directory of user %d", path, owner.uid)
	}
	if info.Mode().Perm() != mode {
		return os.Chmod(path, mode)
	}
	return nil
}

// keep gives a new file of root's to the keeper of the directory it lies in.
func (h *home) keep(f *os.File) error {
	if os.Geteuid() != 0 || h.keeper.uid == 0 {
		return nil
	}
	return f.Chown(h.keeper.uid, h.keeper.gid)
}

// socketDir is where a server that is to be started puts its socket: beside its data, or in a private directory with a short
// name if the address would be too long or has a comma, which separates hosts in a connection string.
func (h *home) socketDir() (string, error) {
	unfit := func(dir string) bool {
		return len(dir)+1+len(socketName) > maxSocketPath || strings.Contains(dir, ",")
	}
	dir := filepath.Join(h.base, "run")
	if unfit(dir) {
		dir = filepath.Join(os.TempDir(), h.id)
	}
	if unfit(dir) {
		return "", fault.Newf(fault.Unavailable, "socket-path-unfit", "The names of the data directory and of the directory for temporary"+
			" files (%s) are both too long for a socket, or have a comma. Set GAPWISE_DATA to a shorter one.", os.TempDir())
	}
	if err := h.makeDir(dir, 0o700, h.server); err != nil {
		return "", unwritable(filepath.Dir(dir), err)
	}
	return dir, nil
}

// unwritable is the fault for a data directory that does not take what must be written.
func unwritable(dir string, err error) error {
	if err == nil {
		return nil
	}
	if full(err.Error()) {
		return diskFull(dir, err)
	}
	return fault.Newf(fault.Unavailable, "data-unwritable",
		"The database cannot be kept in %s. Make the directory writable for the user who runs gapwise, or set GAPWISE_DATA to another one.", dir).Because(err)
}

func diskFull(dir string, err error) error {
	return fault.Newf(fault.Unavailable, "disk-full",
		"The disk that holds %s is full. Make room (an empty database needs about 100 MB), or set GAPWISE_DATA to a directory on another disk.", dir).Because(err)
}

// full reads what the system, initdb and the server say of a full disk or a spent quota; they all pass on the system's words.
func full(text string) bool {
	return strings.Contains(strings.ToLower(text), "no space left on device") || strings.Contains(strings.ToLower(text), "disk quota exceeded")
}

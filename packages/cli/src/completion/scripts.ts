/** What a shell has to run once, so that Tab asks `grantry complete`. Lines are `value<tab>hint`, or `:files`. */
export const scripts = {
  bash: String.raw`_grantry() {
  local value _ current="${'$'}{COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    if [ "$value" = ":files" ]; then
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
    else
      COMPREPLY+=("$value")
    fi
  done < <(grantry complete -- "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _grantry grantry`,
  zsh: String.raw`#compdef grantry
_grantry() {
  local line
  local -a candidates
  for line in "${'$'}{(@f)$(grantry complete -- "${'$'}{(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    if [[ $line == ':files' ]]; then _files; return; fi
    candidates+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}")
  done
  _describe 'grantry' candidates
}
if [ "$funcstack[1]" = "_grantry" ]; then _grantry "$@"; else compdef _grantry grantry; fi`,
  fish: String.raw`function __grantry_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l found (grantry complete -- $words[2..-1] 2>/dev/null)
    if contains -- ':files' $found
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $found
    end
end
complete -c grantry -f -a '(__grantry_complete)'`,
} as const

export type Shell = keyof typeof scripts

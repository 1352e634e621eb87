# Completion of tanlu for bash. The build puts the table of commands and options (`tanlu --help=complete`) at its place below.

_tanlu_table=$(cat <<'TABLE'
@TABLE@
TABLE
)

# Rows of a kind ("option", "operand", "command") of a command, without these two fields.
_tanlu_rows() { # KIND COMMAND
  local kind command rest
  while IFS=$'\t' read -r kind command rest; do
    [[ $kind == "$1" && ($command == "$2" || $2 == '*') ]] && printf '%s\n' "$rest"
  done <<<"$_tanlu_table"
}

_tanlu_commands() {
  local kind command
  while IFS=$'\t' read -r kind command _; do [[ $kind == command ]] && echo "$command"; done <<<"$_tanlu_table"
}

# The values of an option, "--name" or "-n"; fails when it takes none or is unknown.
_tanlu_values_of() { # COMMAND OPTION
  local name letter argument values
  while IFS=$'\t' read -r name letter _ argument values _; do
    [[ $2 == "--$name" || $2 == "-$letter" ]] || continue
    [[ $argument != - ]] || return 1
    echo "$values"
    return
  done < <(_tanlu_rows option "$1")
  return 1
}

# Lines of the input that begin with $cur; compgen -W would expand them.
_tanlu_matching() {
  local line
  while IFS= read -r line; do [[ $line == "$cur"* ]] && printf '%s\n' "$line"; done
}

# Candidates for the word $cur.
_tanlu_candidates() { # PROGRAM FILE VALUES
  local value
  for value in $3; do
    case $value in
      -) ;;
      '<file>') compgen -f -- "$cur" ;;
      '<directory>') compgen -d -- "$cur" ;;
      '<file.'*)
        value=${value#<file}
        compgen -f -X "!*${value%>}" -- "$cur"
        compgen -d -- "$cur"
        ;;
      '<scenarios>' | '<sweeps>' | '<datasets>' | '<regions>' | '<markets>') "$1" --list "$value" 2>/dev/null | _tanlu_matching ;;
      '<'*) [[ -z $2 ]] || "$1" --list "$value" "$2" 2>/dev/null | _tanlu_matching ;;
      *) _tanlu_matching <<<"$value" ;;
    esac
  done
}

_tanlu() {
  local program=$1 cur=${COMP_WORDS[COMP_CWORD]} prev="" command="" file="" word values row place=0 i skip=0 inline=""
  COMPREPLY=()
  ((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}
  # "--name=value" comes as three words
  if [[ $cur == = ]]; then
    inline=$prev cur=""
  elif [[ $prev == = ]] && ((COMP_CWORD > 1)); then
    inline=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  [[ $program == '~/'* ]] && program=$HOME/${program#'~/'}

  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((skip > 0)); then
      skip=$((skip - 1))
      [[ $word == = && skip -eq 0 ]] && skip=1
    elif [[ -z $command ]]; then
      [[ $word == -* ]] || command=$word
    elif [[ $word == -* ]]; then
      _tanlu_values_of "$command" "$word" >/dev/null && skip=1
    else
      place=$((place + 1))
      word=${word/#\~\//$HOME/}
      [[ -z $file && $word == *.h5 && -f $word ]] && file=$word
    fi
  done

  if [[ -n $inline ]]; then
    values=$(_tanlu_values_of "$command" "$inline") || return
  elif [[ -z $command || ($command == help && $place -eq 0) ]]; then
    [[ $cur == -* ]] && values="--help --version" || values="$(_tanlu_commands) help"
  elif [[ $prev == -* ]] && values=$(_tanlu_values_of "$command" "$prev"); then
    :
  elif [[ $cur == -* ]]; then
    values=""
    while IFS=$'\t' read -r word _ _ row _; do
      [[ $row == - ]] && values+="--$word"$'\n' || values+="--$word="$'\n'
    done < <(_tanlu_rows option "$command")
    mapfile -t COMPREPLY < <(_tanlu_matching <<<"${values%$'\n'}")
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
    return
  else
    values=""
    while IFS=$'\t' read -r word row; do
      [[ $word == "$((place + 1))" ]] && { values=$row; break; }
      [[ $word == '*' ]] && values=$row
    done < <(_tanlu_rows operand "$command")
  fi
  [[ $values == *'<file'* || $values == *'<dir'* ]] && compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(_tanlu_candidates "$program" "$file" "$values" | sort -u)
}

complete -F _tanlu tanlu tanlu-mpi

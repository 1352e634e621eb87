#compdef tanlu tanlu-mpi
# Completion of tanlu for zsh. The build puts the table of commands and options (`tanlu --help=complete`) at its place below.

typeset -g _tanlu_table
IFS= read -r -d "" _tanlu_table <<'TABLE'
@TABLE@
TABLE

# Complete one of the values in $1; $words is the line of the command.
_tanlu_values() {
  local value file="" word
  local -a names
  for word in $words[2,CURRENT-1]; do
    word=${word/#\~\//$HOME/}
    if [[ $word == *.h5 && -f $word ]]; then file=$word; break; fi
  done
  for value in ${(s: :)1}; do
    case $value in
      (-) ;;
      ('<file>') _files ;;
      ('<directory>') _files -/ ;;
      ('<file.'*) _files -g "*${${value#<file}%>}(-.)" ;;
      ('<scenarios>'|'<sweeps>'|'<datasets>'|'<regions>'|'<markets>') names+=(${(f)"$($_tanlu_program --list $value 2>/dev/null)"}) ;;
      ('<'*) [[ -z $file ]] || names+=(${(f)"$($_tanlu_program --list $value $file 2>/dev/null)"}) ;;
      (*) names+=($value) ;;
    esac
  done
  (( $#names == 0 )) || compadd -a names
}

# Text inside the brackets and colons of _arguments.
_tanlu_quote() {
  REPLY=${1//\\/\\\\}
  REPLY=${REPLY//:/\\:}
  REPLY=${REPLY//\[/\\[}
  REPLY=${REPLY//\]/\\]}
}

_tanlu() {
  local curcontext=$curcontext state command row help value once name REPLY
  local -a field commands specification
  local -x _tanlu_program=${(Q)${~words[1]}}
  for row in ${(f)_tanlu_table}; do
    field=("${(@ps:\t:)row}")
    [[ $field[1] != command ]] || commands+=("${field[2]//:/\\:}:$field[3]")
  done
  _arguments -C -S '(- *)'{-h,--help}'[print this help]' '(- *)--version[print the version]' '1:command:->command' '*::argument:->argument'
  if [[ $state == command ]]; then
    _describe command commands
    return
  fi
  [[ $state == argument ]] || return
  command=$words[1]
  if [[ $command == help ]]; then
    _describe command commands
    return
  fi
  for row in ${(f)_tanlu_table}; do
    field=("${(@ps:\t:)row}")
    [[ $field[2] == $command ]] || continue
    case $field[1] in
      (operand)
        [[ $field[3] == '*' ]] && specification+=("*: : _tanlu_values ${(q)field[4]}") ||
          specification+=("$field[3]: : _tanlu_values ${(q)field[4]}")
        ;;
      (option)
        value="" once="" name=--$field[3]
        _tanlu_quote $field[8]
        help=$REPLY
        if [[ $field[6] != - ]]; then
          _tanlu_quote $field[6]
          value=":$REPLY: _tanlu_values ${(q)field[7]}"
          name+==
        fi
        if [[ $field[5] == '*' ]]; then
          once='*'
        elif [[ $field[4] != - ]]; then
          once="(-$field[4] --$field[3])"
        fi
        specification+=("$once$name""[$help]$value")
        [[ $field[4] == - ]] || specification+=("$once-$field[4]${value:++}""[$help]$value")
        ;;
    esac
  done
  _arguments -S $specification
}

_tanlu "$@"

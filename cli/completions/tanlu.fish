# Completion of tanlu for fish. The build puts the table of commands and options (`tanlu --help=complete`) at its place below.

set -g __tanlu_table (string split \n -- '
@TABLE@
')

# The command on the line, if any; what comes after it in the rest of the output.
function __tanlu_line
    set -l words (commandline -opc)
    for i in (seq 2 (count $words))
        string match -q -- '-*' $words[$i]; and continue
        printf '%s\n' $words[$i..-1]
        return 0
    end
    return 1
end

function __tanlu_no_command
    not __tanlu_line >/dev/null
end

function __tanlu_command
    set -l line (__tanlu_line)
    and contains -- $line[1] $argv
end

# Does this option of this command take a value that is the next word?
function __tanlu_takes_value -a command word
    for row in $__tanlu_table
        set -l field (string split \t -- $row)
        test "$field[1]" = option -a "$field[2]" = "$command"; or continue
        test "$word" = "--$field[3]" -o "$word" = "-$field[4]"; or continue
        test "$field[6]" != -
        return
    end
    return 1
end

# Operands before the cursor.
function __tanlu_operands_given
    set -l line (__tanlu_line)
    set -l skip 0
    for word in $line[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            __tanlu_takes_value $line[1] $word; and set skip 1
        else
            echo $word
        end
    end
end

function __tanlu_values
    set -l program (commandline -opc)[1]
    set -l current (commandline -ct | string replace -r -- '^--[^=]*=' '')
    for value in $argv
        switch $value
            case -
            case '<file>'
                __fish_complete_path $current
            case '<directory>'
                __fish_complete_directories $current
            case '<file.*'
                for name in (__fish_complete_path $current)
                    set -l path (string split -m 1 \t -- $name)[1]
                    string match -q -- '*/' $path; and echo $path
                    string match -q -- '*'(string match -r -- '[.][^>]*' $value) $path; and echo $path
                end
            case '<scenarios>' '<sweeps>' '<datasets>' '<regions>' '<markets>'
                printf '%s\t\n' ($program --list $value 2>/dev/null)
            case '<*'
                set -l files (__tanlu_operands_given | string match -- '*.h5')
                test (count $files) -gt 0; and printf '%s\t\n' ($program --list $value $files[1] 2>/dev/null)
            case '*' # without the help of the option beside each
                printf '%s\t\n' $value
        end
    end
end

function __tanlu_operands
    set -l command (__tanlu_line)[1]
    set -l place (math (count (__tanlu_operands_given)) + 1)
    set -l others
    for row in $__tanlu_table
        set -l field (string split \t -- $row)
        test "$field[1]" = operand -a "$field[2]" = "$command"; or continue
        if test "$field[3]" = "$place"
            __tanlu_values (string split ' ' -- $field[4])
            return
        end
        test "$field[3]" = '*'; and set others (string split ' ' -- $field[4])
    end
    __tanlu_values $others
end

for program in tanlu tanlu-mpi
    complete -c $program -e
    complete -c $program -f
    complete -c $program -n __tanlu_no_command -l help -s h -d 'print this help'
    complete -c $program -n __tanlu_no_command -l version -d 'print the version'
    complete -c $program -n __tanlu_no_command -a help -d 'help on a command'
    for row in $__tanlu_table
        set -l field (string split \t -- $row)
        switch "$field[1]"
            case command
                complete -c $program -n __tanlu_no_command -a $field[2] -d $field[3]
                complete -c $program -n '__tanlu_command help' -a $field[2] -d $field[3]
                complete -c $program -n "__tanlu_command $field[2]" -a '(__tanlu_operands)'
            case option
                set -l forms -l $field[3]
                test $field[4] != -; and set -a forms -s $field[4]
                if test $field[6] = -
                    complete -c $program -n "__tanlu_command $field[2]" $forms -d $field[8]
                else
                    complete -c $program -n "__tanlu_command $field[2]" $forms -x -d $field[8] \
                        -a "(__tanlu_values "(string escape -- (string split ' ' -- $field[7]) | string join ' ')")"
                end
        end
    end
end
